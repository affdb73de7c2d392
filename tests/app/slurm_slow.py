"""A sweep as an array job of a real Slurm: slurm_slow.py KINCHAIN SOURCE_DIR.

munge, slurmctld and slurmd are started on the loopback for this test alone, with keys, ports and
state of their own; an array of 4 tasks runs scenarios/sweeps/array-job.sh; the merged parts are the
file of one machine byte for byte. Skipped where slurm-wlm and munge are not installed, or not as
root, as whom Slurm's daemons run.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = str(Path(sys.argv[1]).resolve())
SOURCE = Path(sys.argv[2]).resolve()
SKIPPED = 77
TOOLS = ("munged", "slurmctld", "slurmd", "sbatch", "sinfo")

SWEEP = """name: array
base: level.yaml
set: {duration: 0.3 s, numerics/settle: 0.1 s}
factors:
  course/grade: {from: -3 %, to: 3 %, points: 11}
design: {kind: grid}
keep: {strides: true}
"""

CONF = """ClusterName=kinchain
SlurmctldHost=%(host)s(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=%(dir)s/munge.socket
SlurmctldPort=%(controller)d
SlurmdPort=%(daemon)d
StateSaveLocation=%(dir)s/state
SlurmdSpoolDir=%(dir)s/spool
SlurmctldPidFile=%(dir)s/slurmctld.pid
SlurmdPidFile=%(dir)s/slurmd.pid
SlurmctldLogFile=%(dir)s/slurmctld.log
SlurmdLogFile=%(dir)s/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
NodeName=%(host)s NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=%(host)s Default=YES MaxTime=60 State=UP
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, happened, seconds=60):
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.3)


def start(processes, *words, **more):
    processes.append(subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, **more))


def start_slurm(folder, processes):
    host = socket.gethostname().split(".")[0]
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o600)
    conf = folder / "slurm.conf"
    conf.write_text(CONF % {"host": host, "dir": folder, "controller": free_port(),
                            "daemon": free_port()})
    start(processes, "munged", "--foreground", "--force", f"--socket={folder}/munge.socket",
          f"--key-file={key}", f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log",
          f"--seed-file={folder}/munged.seed")
    wait_for("munge", (folder / "munge.socket").exists)
    environment = {**os.environ, "SLURM_CONF": str(conf)}
    start(processes, "slurmctld", "-D", "-f", conf, env=environment)
    start(processes, "slurmd", "-D", "-f", conf, "-N", host, env=environment)
    state = lambda: subprocess.run(["sinfo", "-h", "-o", "%T"], capture_output=True, text=True,
                                   env=environment).stdout.strip()
    wait_for("an idle node", lambda: state() == "idle")
    return environment


def check(folder, environment):
    sweep = folder / "array.yaml"
    sweep.write_text(SWEEP)
    plain = {k: v for k, v in os.environ.items() if not k.startswith("SLURM_")}
    subprocess.run([PROGRAM, "sweep", str(sweep), "-o", str(folder / "one.h5"), "-q"], check=True,
                   env=plain)
    done = subprocess.run(["sbatch", "--wait", "--array=1-4", str(SOURCE / "scenarios/sweeps/array-job.sh"),
                           str(sweep), str(folder / "task")], capture_output=True, text=True,
                          cwd=folder, env={**environment, "KINCHAIN": PROGRAM}, timeout=300)
    logs = "".join(p.read_text() for p in folder.glob("slurm-*.out"))
    assert done.returncode == 0, done.stderr + logs
    parts = sorted(folder.glob("task.part*.h5"))
    assert len(parts) == 4, parts
    subprocess.run([PROGRAM, "merge", *map(str, parts), "-o", str(folder / "all.h5"), "-q"],
                   check=True)
    assert (folder / "all.h5").read_bytes() == (folder / "one.h5").read_bytes()
    print("an array of 4 tasks gives the file of one machine")


def main():
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"skipped: {', '.join(missing)} not found; install slurm-wlm and munge")
        return SKIPPED
    if os.geteuid() != 0:
        print("skipped: Slurm's daemons are started as root")
        return SKIPPED
    processes = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            check(folder, start_slurm(folder, processes))
        except AssertionError:
            for log in folder.glob("*.log"):
                print(log.name, log.read_text()[-3000:], sep="\n", file=sys.stderr)
            raise
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                process.wait(timeout=30)
    return 0


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    sys.exit(main())
