"""Module names that the tests try."""

from keyword import kwlist, softkwlist

from hooks import pre_gen_project as hook

# Optional dependencies of a project's packages, and other packages used with Flask.
NEIGHBOURS = set(
    """
    anyio asgiref attr backports certifi cryptography eventlet exceptiongroup flaskr
    flit_core gevent greenlet gunicorn_h1c h2 hypothesis inotify msgspec numpy orjson
    pexpect pytest_cov python rich rloop setproctitle simplejson socks tornado uvicorn
    uvloop watchdog watchfiles wheel winloop
    """.split()
)
ORDINARY = """
    api app apps base config create_app env health hello index log logs main my_app page
    request_log src test_hello utils views web wsgi
"""
ODD = ["x" * 50, "__init__", "__pycache__", "my-app", "1abc"]
CANDIDATES = sorted(
    {
        *NEIGHBOURS,
        *ORDINARY.split(),
        *ODD,
        *kwlist[::2],
        *softkwlist,
        *hook.PACKAGES,
        *hook.PROJECT_FILES,
        *hook.START_UP,
        *hook.OPTIONAL,
        *hook.LATER_FOLDERS,
        *sorted(hook.DEVICES)[::6],
        *sorted(hook.STANDARD_LIBRARY)[::2],
    }
)
