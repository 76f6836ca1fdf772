// Compile every Python file inside the wheels and the zip files of a folder, in place:
//     node compile.mjs path/to/pyodide.mjs folder
// It is Pyodide itself that compiles, so that the bytecode is of the version that will read it.
import { pathToFileURL } from "node:url";

const [script, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(script).href);
const python = await loadPyodide();
python.FS.mkdir("/folder");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/folder");
python.runPython(`
from importlib._bootstrap_external import _code_to_hash_pyc as bytecode
from importlib.util import source_hash
from pathlib import Path
from warnings import simplefilter
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

simplefilter("ignore")
KEPT = "backprop_lib/"  # a learner may look into these files: help(...), ??, an error's lines


def compiled(path):
    "The same archive, with .pyc files that are taken as they are, and without tests."
    with ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if "/tests/" not in name}
    packed = path.with_suffix(".part")
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            if name.endswith(".py"):
                try:
                    code = compile(data, name, "exec", dont_inherit=True)
                except SyntaxError:
                    pass  # a template that only looks like Python
                else:
                    into = name + "c"
                    if name.startswith(KEPT):
                        head, _, tail = name.rpartition("/")
                        into = f"{head}/__pycache__/{tail[:-3]}.cpython-312.pyc"
                        archive.writestr(ZipInfo(name), data, ZIP_DEFLATED)
                    name, data = into, bytecode(code, source_hash(data), False)
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED)
    packed.replace(path)


for path in Path("/folder").iterdir():
    if path.suffix in (".whl", ".zip"):
        compiled(path)
`);
