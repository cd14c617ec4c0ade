# SPDX-License-Identifier: MIT
"""A Slurm of one node on 127.0.0.1: `cluster.py start <directory>`, `cluster.py stop <directory>`.

munged, slurmctld and slurmd run as root with a configuration, ports, a key and folders of their own, so that a Slurm of
the machine stays as it is. `<directory>/cluster.json` has the process ids, by which alone they are ended."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
from free_port import free_port

SKIPPED = 77
DAEMONS = ("munged", "slurmctld", "slurmd")
CLIENTS = ("sbatch", "srun", "scancel", "scontrol", "squeue", "sinfo")
NODE = "mlscribe-node"
PARTITION = "training"
START_SECONDS = 120

# More processors than there are, since jobs sleep most of the time; so that all run at once.
CONFIGURATION = """\
ClusterName=mlscribe
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={socket}
CredType=cred/munge
{listening}
SlurmctldPidFile={directory}/slurmctld.pid
SlurmdPidFile={directory}/slurmd.pid
SlurmctldLogFile={directory}/slurmctld.log
SlurmdLogFile={directory}/slurmd.log
StateSaveLocation={directory}/state
SlurmdSpoolDir={directory}/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MailProg=/bin/true
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0,sched_min_interval=100000
SlurmdParameters=config_overrides
ReturnToService=2
MinJobAge=3600
KillWait=20
BatchStartTimeout=120
MessageTimeout=60
SlurmctldTimeout=300
SlurmdTimeout=300
InactiveLimit=0
NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 CPUs=32 RealMemory=1000 State=UNKNOWN
PartitionName={partition} Nodes={node} Default=YES MaxTime=60 DefaultTime=10 State=UP
"""


def program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin")


def missing():
    """Why there can be no cluster here; empty where there can."""
    absent = [name for name in DAEMONS + CLIENTS if program(name) is None]
    if absent:
        return "not found: " + ", ".join(absent) + " (Debian: slurm-wlm slurm-client munge)"
    return "" if os.geteuid() == 0 else "slurmd starts jobs as root only"


def listening(host):
    """The daemons listen where the name of the host leads to if told so, else everywhere. What they obey has the key of munged."""
    try:
        return "CommunicationParameters=NoInAddrAny" if socket.gethostbyname(host) == "127.0.0.1" else ""
    except OSError:
        return ""


def state_file(directory):
    return pathlib.Path(directory, "cluster.json")


def start_time(pid):
    """A process id alone may be another process's by now; None: there is no such process, or it is dead."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def wait_until(ready, what, processes, directory, seconds=START_SECONDS):
    end = time.monotonic() + seconds
    while not ready():
        ended = [name for name, process in processes.items() if process.poll() is not None]
        if ended or time.monotonic() > end:
            for log in sorted(pathlib.Path(directory).glob("*.log")):
                print(f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-30:], sep="\n")
            raise SystemExit(f"{what}: " + (f"{', '.join(ended)} ended" if ended else "not within time"))
        time.sleep(0.2)


def environment(directory):
    return dict(os.environ, SLURM_CONF=str(pathlib.Path(directory, "slurm.conf")))


def node_is_idle(directory):
    answer = subprocess.run([program("sinfo"), "-h", "-o", "%T"], env=environment(directory), capture_output=True, text=True)
    return answer.stdout.strip() == "idle"


def start(directory):
    why = missing()
    if why:
        print("skipped:", why)
        return SKIPPED
    stop(directory)  # what an interrupted test left
    shutil.rmtree(directory, ignore_errors=True)
    for folder in ("state", "spool"):
        pathlib.Path(directory, folder).mkdir(parents=True)
    # The path of a socket is short, that of a build tree need not be. Everybody may reach it.
    run = pathlib.Path(tempfile.mkdtemp(prefix="mlscribe-munge-"))
    run.chmod(0o755)
    key = pathlib.Path(directory, "munge.key")
    key.touch(mode=0o600)
    key.write_bytes(os.urandom(1024))
    host = socket.gethostname().partition(".")[0]
    pathlib.Path(directory, "slurm.conf").write_text(CONFIGURATION.format(
        host=host, listening=listening(host), node=NODE, partition=PARTITION, directory=directory, socket=run / "socket",
        controller_port=free_port(range(11000, 20000)), node_port=free_port(range(20000, 30000))))

    processes, known = {}, {}

    def launch(name, *arguments):
        with open(pathlib.Path(directory, name + ".out.log"), "w") as output:
            process = subprocess.Popen([program(name), *arguments], env=environment(directory), stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=output, start_new_session=True, cwd=directory)
        processes[name], known[name] = process, (process.pid, start_time(process.pid))
        # Written at once: what comes next may fail, and the clean-up ends what is named here.
        state_file(directory).write_text(json.dumps({"processes": known, "run": str(run)}))

    launch("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={run / 'socket'}",
           f"--pid-file={run / 'pid'}", f"--log-file={directory}/munged.log", f"--seed-file={run / 'seed'}")
    wait_until((run / "socket").exists, "munged", processes, directory)
    launch("slurmctld", "-D", "-i")
    launch("slurmd", "-D")
    wait_until(lambda: node_is_idle(directory), "the node", processes, directory)
    print("a node of Slurm is idle")
    return 0


def ends(processes, seconds):
    end = time.monotonic() + seconds
    while any(start_time(pid) == began for pid, began in processes):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def left_over(configuration):
    """The steps of this cluster and what runs in them, which outlive slurmd: all have its SLURM_CONF."""
    found = []
    wanted = f"SLURM_CONF={configuration}".encode()
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                if wanted in (process / "environ").read_bytes().split(b"\0"):
                    found.append((int(process.name), start_time(process.name)))
            except OSError:
                pass
    return [entry for entry in found if entry[1] is not None]


def send(processes, number):
    for pid, began in processes:
        if start_time(pid) == began:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass


def stop(directory):
    try:
        state = json.loads(state_file(directory).read_text())
    except (OSError, ValueError):
        return 0
    daemons = [tuple(entry) for name, entry in reversed(state["processes"].items())]
    ours = {pid for pid, _ in daemons}
    steps = [entry for entry in left_over(pathlib.Path(directory, "slurm.conf")) if entry[0] not in ours]
    send(daemons, signal.SIGTERM)
    send(steps, signal.SIGTERM)
    ends(daemons + steps, 20)
    # Also steps that began meanwhile.
    steps += [entry for entry in left_over(pathlib.Path(directory, "slurm.conf")) if entry[0] not in ours]
    send(daemons + steps, signal.SIGKILL)
    if not ends(daemons + steps, 20):
        print("still there:", [pid for pid, began in daemons + steps if start_time(pid) == began])
        return 1
    shutil.rmtree(state["run"], ignore_errors=True)
    state_file(directory).unlink()
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("start", "stop"):
        sys.exit(__doc__)
    sys.exit({"start": start, "stop": stop}[sys.argv[1]](pathlib.Path(sys.argv[2]).resolve()))
