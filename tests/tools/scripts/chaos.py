"""Makes the emulator's Lambda as unreliable as Lambda may be.

Of what Step Functions asks for, some is refused for want of capacity, some is delivered twice, at once or when all is
over, and of some the process is killed that is at work by then. Who serves a named request is killed when its name is
told. All of it is logged, a line each: `chaos: killed …`.
"""

import contextvars
import random
import sys
import threading

from ministack.core import lambda_runtime
from ministack.services import stepfunctions

THROTTLED = 0.03
DELIVERED_TWICE = 0.04
# Seconds until the second delivery.
LATER = [0, 0, 0.1, 1.5]
KILLED = 0.03
# Seconds until somebody is killed: while the request is on its way, or carried out.
SOON = [0.002, 0.005, 0.01, 0.03]


def begin(seed):
    """Everything is delivered as it comes, from now on."""
    chance = random.Random(seed)
    deliver = stepfunctions._call_lambda

    def call(function, event):
        drawn = chance.random()
        if drawn < THROTTLED:
            log("throttled")
            raise stepfunctions._ExecutionError("Lambda.TooManyRequestsException", "Rate Exceeded.")
        if drawn < THROTTLED + DELIVERED_TWICE:
            log("delivered twice")
            later = contextvars.copy_context().run
            threading.Timer(chance.choice(LATER), later, [again, function, event]).start()
        elif drawn < THROTTLED + DELIVERED_TWICE + KILLED:
            threading.Timer(chance.choice(SOON), kill_any).start()
        return deliver(function, event)

    def again(function, event):
        try:
            deliver(function, event)
        except stepfunctions._ExecutionError:
            # Nobody waits for this one.
            pass

    stepfunctions._call_lambda = call


def log(what):
    # One write, for others write beside it.
    sys.stdout.write(f"chaos: {what}\n")
    sys.stdout.flush()


def at_work():
    """The environments that serve a request, the last one last."""
    with lambda_runtime._lock:
        environments = [each for pool in lambda_runtime._workers.values() for each in pool]
    return sorted((each for each in environments if each._current_request_id), key=lambda each: each.last_used)


def kill_any():
    for environment in at_work()[-1:]:
        end(environment, "killed at random")


def kill(request):
    """Kills the process that serves this request, if it still does."""
    for environment in at_work():
        if environment._current_request_id == request:
            end(environment, "killed between effect and answer")


def end(environment, why):
    process = environment._proc
    if process is not None:
        process.kill()
        log(why)
