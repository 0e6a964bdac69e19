FLASK_APP={{ cookiecutter.module_name }}
