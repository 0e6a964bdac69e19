"""Module names that the tests try, and where they try them."""

from keyword import softkwlist

from dev.rules import taken_for

# Optional dependencies of a project's packages, and other packages used with Flask.
NEIGHBOURS = set(
    """
    anyio asgiref attr backports certifi coverage cryptography eventlet exceptiongroup flaskr
    flit_core gevent greenlet gunicorn_h1c h2 hypothesis inotify mock msgspec numpy orjson
    pexpect pytest_cov python rich rloop setproctitle simplejson socks
    sqla_plugin_base sqla_pytestplugin tornado twisted uvicorn uvloop watchdog watchfiles wheel winloop zipp
    """.split()
)
ORDINARY = """
    api app apps base config create_app env health hello index log logs main my_app page
    request_log src test_hello utils views web wsgi
"""
# The endpoint of ``/``, by layout: it tells the app of a project from any other.
ENDPOINTS = {
    "module": "hello_world",
    "package": "views.index",
    "service": "hello.index",
}
# Of a list with as many names, every second one is tried.
MANY = 30
ODD = ["x" * 50, "__init__", "__pycache__", "my-app", "1abc"]


CANDIDATES = sorted(
    {
        *NEIGHBOURS,
        *ORDINARY.split(),
        *ODD,
        *softkwlist,
        *(
            name
            for names in taken_for("module_name").values()
            for name in names[:: 2 if len(names) >= MANY else 1]
        ),
    }
)
