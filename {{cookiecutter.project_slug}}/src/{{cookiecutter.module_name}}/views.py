from flask import Blueprint, render_template

bp = Blueprint("views", __name__)


@bp.route("/")
def index() -> str:
    """Return the page that says hello."""
    return render_template("index.html")
