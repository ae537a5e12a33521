"""Programs that want out, or want everything, through the real child: a layer of the sandbox stops each.

The layers, in the order in which a program meets them: the grammar, the tables of names, the budgets, Python
or torch itself (which raise: a result like any other), and the limits of the child process. A program may be
stopped earlier than its table says, never later. `test_confinement` tries the last layer alone.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from verideck.verifying.executors import local
from verideck.verifying.records import JobKind, Outcome
from verideck.verifying.snippets import grammar
from verideck.verifying.worker import Job, Worker, command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LAYERS = ("grammar", "table", "budget", "raised", "child")

GRAMMAR = r"""
x = ().__class__.__mro__
x = ().__class__.__bases__[0].__subclasses__()
x = ''.__class__.__base__.__subclasses__()[0].__init__.__globals__
x = [].__reduce_ex__(4)
x = (1).__add__
x = print.__self__
x = print.__call__('x')
x = torch.__builtins__
x = torch.__dict__['os']
x = torch.__getattr__('os')
x = torch._C
x = torch._C._jit_clear_class_registry
x = torch.nn._reduction
x = torch.ones(1).__class__.__ｍro__
x = torch.ones(1)._backward_hooks
x = torch.ones(1)._grad_fn
x = torch.Tensor.__subclasses__()
x = torch.Tensor.__torch_function__
x = torch.ones(1).__reduce_ex__(2)
x = torch.ones(1).__array__()
x = torch.ones(1).__dlpack__()
x = torch.ones(1).__setstate__({})
x = __builtins__
x = __import__('os').system('true')
x = __loader__
x = __spec__.loader
x = __file__
def f(): pass\nx = f.__code__
def f(): pass\nx = f.__globals__
def f(): pass\nx = f.__closure__
def f(): pass\nf.__defaults__ = (1,)
def f(x=__import__('os')): return x
def f(*, x=().__class__.__mro__): return x
f = lambda x=__builtins__: x
@print\ndef f(): pass
@torch.no_grad()\ndef f(): pass
@property\ndef f(self): pass
def f(): yield 1
def f(): x = yield
def f(): yield from []
async def f(): await g()
def f(): global x
def f(): nonlocal x
def __getattr__(name): return 1
class A: pass
class A(object, torch.nn.Module): pass
class A(torch.nn.Module, metaclass=type): pass
class A(torch.nn.Module):\n x = open('/etc/passwd')
class A(torch.nn.Module):\n import os
class A(torch.nn.Module):\n [1 for x in ().__class__.__mro__]
class A(torch.nn.Module):\n def __getattr__(self, n):\n  return 1
class A(torch.nn.Module):\n def __setattr__(self, n, v):\n  pass
class A(torch.nn.Module):\n def __init_subclass__(cls):\n  pass
class A(torch.nn.Module):\n def __call__(self, x):\n  return x
class A(torch.nn.Module):\n def __del__(self):\n  pass
class A(torch.nn.Module):\n def __reduce__(self):\n  return print, ('x',)
class A(torch.nn.Module):\n def __class_getitem__(cls, x):\n  pass
class A(torch.nn.Module):\n def f(self):\n  return self.__dict__
class A(torch.nn.Module):\n def f(self):\n  return super().__getattribute__('x')
class A(torch.nn.Module):\n def __init__(self):\n  self._forward_hooks = {}
class A(torch.nn.Module):\n @staticmethod\n def f(): pass
class A(torch.nn.Module):\n class B: pass
try: 1 / 0\nexcept ZeroDivisionError as e: x = e.__traceback__.tb_frame
try: 1 / 0\nexcept ZeroDivisionError as e: x = e.__context__
try: pass\nfinally: x = 1
try: 1 / 0\nexcept* ZeroDivisionError: pass
raise ValueError from None.__class__
with open('/etc/passwd') as f: x = f.read()
async with x: pass
del torch
match x:\n case str(): pass
x = f'{x.__class__.__mro__}'
x = f'{().__class__.__mro__[1]:>10}'
x = (y := 5)
x = b'bytes'
x = 1j
x = {1, 2}
x = {a for a in [1]}
x = [a async for a in b]
type x = int
import torch as __builtins__
from torch import *
from . import os
from __future__ import braces
import torch.__init__ as __init__
x = await y
x = [].__len__
return 1
break
def f(a, a): pass
print(end='', end='')
x: int = ().__class__.__mro__
"""

TABLE = r"""
import os
import sys
import subprocess, torch
import torch.os
import torch.hub
import torch.utils.cpp_extension
import torch.nn.functional.torch
import math as os ; os.system('true')
from os import system
from torch import os
from torch import load, save
from torch.serialization import load
from torch.nn.modules import sys
from torch.nn import functional, modules
from math import sys
import builtins
import importlib
import ctypes
import socket
import pickle
import numpy
x = open('/etc/passwd').read()
x = eval('1')
x = exec('x = 1')
x = compile('1', 'f', 'eval')
x = getattr(torch, 'os')
x = setattr(torch, 'ones', print)
x = delattr(torch, 'ones')
x = globals()
x = locals()
x = vars(torch)
x = dir(torch)
x = id(torch)
x = hash(torch.ones(1))
x = memoryview(torch.ones(1))
x = bytearray(10 ** 10)
x = bytes(10 ** 10)
x = object()
x = classmethod(print)
x = aiter([1])
x = super()
x = input()
x = help()
x = breakpoint()
x = exit()
x = torch.os.getpid()
x = torch.sys.modules['os']
x = torch.importlib.import_module('posix')
x = torch.builtins.open
x = torch.ｏs.getpid()
x = torch.load('/etc/passwd')
x = torch.save(torch.ones(1), '/tmp/x')
x = torch.hub.load('a/b', 'c')
x = torch.from_file('/etc/passwd')
x = torch.frombuffer([1])
x = torch.from_numpy(1)
x = torch.from_dlpack(torch.ones(1))
x = torch.ops.aten.add
x = torch.ops.load_library('/tmp/x.so')
x = torch.classes.load_library('/tmp/x.so')
x = torch.jit.script(print)
x = torch.jit.load('/tmp/x')
x = torch.compile(print)
x = torch.compiler.disable
x = torch.fx.symbolic_trace
x = torch.utils.data.DataLoader
x = torch.multiprocessing.Process
x = torch.distributed.init_process_group
x = torch.package.PackageImporter
x = torch.onnx.export
x = torch.cuda.is_available()
x = torch.backends.cpu
x = torch.version.git_version
x = torch.get_num_threads()
x = torch.set_num_threads(1000)
x = torch.set_flush_denormal(True)
x = torch.get_rng_state()
x = torch.Generator()
x = torch.empty(1000)
x = torch.empty_like(torch.ones(3))
x = torch.as_strided(torch.ones(2), (9,), (9,))
x = torch.ones(2).as_strided((1000, 1000), (1, 1))
x = torch.ones(2).set_(torch.ones(3))
x = torch.ones(2).resize_(10 ** 9)
x = torch.ones(2).numpy()
x = torch.ones(2).storage()
x = torch.ones(2).untyped_storage()
x = torch.ones(2).data_ptr()
x = torch.ones(2).data
x = torch.ones(2).share_memory_()
x = torch.ones(2).pin_memory()
x = torch.ones(2).cuda()
x = torch.ones(2).apply_(print)
x = torch.ones(2).map_(torch.ones(2), print)
x = torch.ones(2).register_hook(print)
x = torch.ones(2).register_post_accumulate_grad_hook(print)
x = torch.ones(2).share_memory_
x = torch.ones(2).new(10 ** 9)
x = torch.ones(2).volatile
x = torch.ones(2).is_shared()
x = torch.ones(2).to('cuda')
x = torch.ones(2).to('meta')
x = torch.ones(2, device='meta')
x = torch.ones(2, device=0)
x = torch.ones(2, device='CUDA')
x = torch.ones(2).type('torch.cuda.FloatTensor')
x = torch.ones(2, out=torch.ones(2))
x = torch.tensor([1], pin_memory=True)
x = torch.Tensor(10 ** 9)
x = torch.Tensor.grad_fn
x = torch.autograd.Function
x = torch.autograd.graph.saved_tensors_hooks
x = torch.autograd.backward
y = torch.ones(1, requires_grad=True) * 2 ; x = y.grad_fn.next_functions
x = torch.nn.Linear(1, 1).register_forward_hook(print)
x = torch.nn.Linear(1, 1).register_forward_pre_hook(print)
x = torch.nn.Linear(1, 1).register_full_backward_hook(print)
x = torch.nn.Linear(1, 1).register_module('x', print)
x = torch.nn.Linear(1, 1).apply(print)
x = torch.nn.Linear(1, 1).load_state_dict({})
x = torch.nn.Linear(1, 1).to('meta')
x = torch.nn.Linear(1, 1).compile()
x = torch.nn.Linear(1, 1).cuda()
x = torch.nn.Linear(1, 1).share_memory()
x = torch.nn.Linear(1, 1).get_extra_state()
x = torch.nn.Linear(1, 1).get_parameter('weight')
x = torch.nn.modules.module
x = torch.nn.parallel.DataParallel
x = torch.nn.Module.register_forward_hook
x = torch.nn.functional.handle_torch_function
x = torch.nn.functional.torch
x = torch.nn.init.torch
x = torch.nn.init.math
x = torch.optim.lr_scheduler.LambdaLR
x = torch.optim.SGD([torch.ones(1)], lr=1).state_dict()
x = torch.optim.SGD([torch.ones(1)], lr=1).register_step_pre_hook(print)
a = torch.nn.Linear(1, 1) ; a.__class__ = torch.nn.ReLU
a = torch.nn.Linear(1, 1) ; a.forward = print
a = torch.ones(1) ; a.grad = a
a = torch.ones(1) ; a.data = torch.ones(2)
a = torch.ones(1) ; a.shape = (2,)
torch.nn.Linear = print
torch.ones = print
math.pi = 3
print.x = 1
x = '{0.__class__}'.format(1)
x = '{0[0]}'.format([1])
x = 'a'.format_map({})
x = '%s' % 1
x = 'a'.encode()
x = 'a'.translate({})
x = 'a'.maketrans('a', 'b')
x = (i for i in [1]).gi_frame
x = (i for i in [1]).gi_code
x = (i for i in [1]).send(1)
x = (i for i in [1]).throw(ValueError)
print('x', file=open('/tmp/x', 'w'))
print('x', file=1)
print('x', flush=print, file=None)
x = f'{print}'
x = f'{torch}'
x = str(print)
x = str(lambda: 1)
x = repr([print])
x = type(print)
x = type(torch)
x = type(type(1))
x = type('A', (), {})
x = type(1).mro()
x = type(range(3))(10 ** 18)
x = type((i for i in []))
x = type(None)()
try: 1 / 0\nexcept ZeroDivisionError as e: x = e.with_traceback(None)
try: 1 / 0\nexcept ZeroDivisionError as e: x = e.args
try: 1 / 0\nexcept BaseException as e: x = 1
raise SystemExit(3)
raise KeyboardInterrupt
raise GeneratorExit
raise MemoryError
raise ValueError(print)
assert False, print
class A(int): pass
class A(torch.Tensor): pass
class A(torch.optim.SGD): pass
class A(torch.nn.Linear): pass
class A(torch.nn.Module):\n def parameters(self):\n  return []
class A(torch.nn.Module):\n def state_dict(self):\n  return {}
class A(torch.nn.Module):\n def train(self, x):\n  return 1
class A(torch.nn.Module):\n def apply(self, x):\n  return 1
class A(torch.nn.Module):\n def register_buffer(self, x, y):\n  return 1
class A(torch.nn.Module):\n def __init__(self):\n  self.forward = print\nA()
class A(torch.nn.Module):\n def __init__(self):\n  self.parameters = print\nA()
class A(torch.nn.Module):\n def __init__(self):\n  self.__class__ = print\nA()
class A(torch.nn.Module):\n def forward(self, x):\n  return torch.os\ntorch.nn.Sequential(A())(1)
class A(torch.nn.Module):\n def forward(self, x):\n  return super().forward(x)\nA()(1)
x = [[1, lambda: 1]] == [[1, lambda: 1]]
x = torch.tensor([print])
x = torch.cat([torch.ones(1), print])
x = torch.nn.Sequential(print)
x = torch.stack(torch)
x = sum([torch])
x = [1][print]
x = torch.ones(2)[print]
"""

BUDGET = r"""
while True: pass
while True: x = 1
for i in range(60000):\n for j in range(60000): pass
x = [0 for a in range(60000) for b in range(60000)]
x = sum(0 for a in range(60000) for b in range(60000))
x = {a: b for a in range(60000) for b in range(60000)}
def f(n): return f(n + 1)\nf(0)
f = lambda g: g(g) ; f(f)
def f(n): return [f(n - 1), f(n - 1)] if n else 0\nf(50)
def f():\n try: f()\n except RecursionError: f()\nf()
class A(torch.nn.Module):\n def forward(self, x):\n  return self(x)\nA()(1)
class A(torch.nn.Module):\n def forward(self, x):\n  while True: pass\ntorch.nn.Sequential(A())(1)
def f(i):\n while True: pass\nx = sorted([1, 2], key=f)
try:\n while True: pass\nexcept Exception: x = 1
try: x = 10 ** 10 ** 10\nexcept Exception: x = 1
x = 2 ** 2 ** 2 ** 2 ** 2 ** 2
x = 9 ** 9 ** 9 % 7
x = 1 << 10 ** 9
x = 10 ** 4000 ; y = x * x
x = 10 ** 1000\nfor i in range(100): x = x * x
x = pow(2, 10 ** 9)
x = pow(3, 10 ** 9, 7)
x = round(10 ** 1000, -10 ** 9)
x = round(5, -10 ** 10)
x = math.factorial(10 ** 6)
x = math.comb(10 ** 9, 10 ** 8)
x = math.perm(10 ** 9)
x = [0] * 10 ** 9
x = 10 ** 9 * (0,)
x = 'a' * 10 ** 10
x = torch.Size([1]) * 10 ** 9
x = range(10 ** 18)
x = list(range(10 ** 9))
x = sum(range(10 ** 9))
x = 10 ** 8 in range(10 ** 9)
a = [0] * 1000 ; b = [a] * 1000 ; c = [b] * 1000
a = [] ; a.append(a) ; print(a)
a = {} ; a['a'] = a ; print(a)
a = []\nfor i in range(100): a = [a]\nprint(a)
a = [] ; b = [] ; a.append(b) ; b.append(a) ; a == b
x = [0] * 60000\nwhile True: x = x + x
x = [0] * 60000\nwhile True: y = x * 1
x = list(range(60000))\nwhile True: -1 in x
x = list(range(60000))\nwhile True: max(x)
x = list(range(60000))\nwhile True: y, *z = x
x = 'a'\nwhile True: x = x + x
x = 'a' * 9999 ; y = x.replace('a', x)
x = ','.join(['a' * 9999] * 9999)
x = 'a'.ljust(10 ** 10)
x = 'a'.zfill(10 ** 10)
x = f'{1:{10 ** 9}}'
x = f'{1:999999999}'
x = f'{1.5:.999999999f}'
x = f"{'a':>{'9' * 9}}"
x = f'{1!r:>100000000}'
x = f'{2 ** 4000:>1000000}'
print('a' * 10000, 'b' * 10000, 'c' * 10000)
while True: print('x')
print(*['a' * 9999] * 60000)
print(*[1] * 6000, sep='a' * 10000)
x = torch.zeros(10 ** 12)
x = torch.zeros(10 ** 6, 10 ** 6)
x = torch.full((10 ** 5, 10 ** 5), 1.0)
x = torch.rand(10 ** 10)
x = torch.randperm(10 ** 12)
x = torch.randint(5, (10 ** 10,))
x = torch.eye(10 ** 7)
x = torch.arange(10 ** 12)
x = torch.arange(0, 1, 1e-12)
x = torch.linspace(0, 1, 10 ** 11)
x = torch.logspace(0, 1, 10 ** 11)
x = torch.tril_indices(10 ** 6, 10 ** 6)
x = torch.ones(1).expand(1 << 40) + 1
x = torch.ones(1).expand(1 << 40).sum()
x = torch.ones(1).expand(1 << 40).clone()
x = torch.ones(1).expand(1 << 40).tolist()
x = list(torch.ones(1).expand(1 << 30))
print(torch.ones(1).expand(1 << 40))
x = torch.ones(2, 2).repeat(10 ** 5, 10 ** 5)
x = torch.ones(2).repeat_interleave(10 ** 12)
x = torch.ones(10 ** 4).tile(10 ** 6)
x = torch.ones(10 ** 4, 1) * torch.ones(10 ** 4)
x = torch.ones(10 ** 4, 1) @ torch.ones(1, 10 ** 4)
x = torch.outer(torch.ones(10 ** 4), torch.ones(10 ** 4))
x = torch.cdist(torch.ones(10 ** 4, 3), torch.ones(10 ** 4, 3))
x = torch.diag(torch.ones(10 ** 4))
x = torch.diag_embed(torch.ones(10 ** 4))
x = torch.cat([torch.ones(5000)] * 60000)
x = torch.stack(torch.meshgrid(torch.ones(10 ** 4), torch.ones(10 ** 4)))
x = torch.ones(1 << 13, 1).expand(1 << 13, 1 << 13).reshape(-1)
x = torch.ones(1 << 20, dtype=torch.long)[torch.zeros(1 << 13, 1 << 13, dtype=torch.long)]
x = torch.einsum('a,b,c->abc', torch.ones(4000), torch.ones(4000), torch.ones(4000))
x = torch.einsum('a,b,c,d,e->abcde', *[torch.ones(100)] * 5)
x = torch.einsum('ab,cd,ef->acf', *[torch.ones(900, 900)] * 3)
x = torch.tensordot(torch.ones(10 ** 4), torch.ones(10 ** 4), dims=0)
x = torch.nn.functional.one_hot(torch.tensor([10 ** 12]))
x = torch.nn.functional.pad(torch.ones(3), (10 ** 10, 10 ** 10))
x = torch.nn.functional.embedding(torch.zeros(1 << 20, dtype=torch.long), torch.ones(1, 1 << 12))
x = torch.nn.functional.conv1d(torch.ones(1, 1, 3), torch.ones(1, 1, 3), padding=10 ** 12)
x = torch.nn.functional.scaled_dot_product_attention(*[torch.ones(1, 9000, 8)] * 3)
x = torch.nn.Linear(10 ** 6, 10 ** 6)
x = torch.nn.Embedding(10 ** 9, 10 ** 3)
x = torch.nn.LayerNorm(10 ** 10)
x = torch.nn.Conv2d(10 ** 4, 10 ** 4, 10)
x = torch.nn.MultiheadAttention(10 ** 5, 1)
x = torch.nn.MultiheadAttention(64, 64)(*[torch.ones(5000, 1, 64)] * 3)
x = torch.nn.Transformer(d_model=4096)
x = torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(64, 8), 10 ** 6)
x = torch.multinomial(torch.ones(3), 10 ** 9, replacement=True)
x = torch.ones(3000, 3000)\nwhile True: x = x @ x
x = torch.ones(1500, 1500)\nwhile True: y = torch.linalg.det(x)
x = torch.linalg.matrix_norm(torch.ones(3000, 3000), 'nuc')
x = torch.ones(1 << 24)\nwhile True: x.add_(1)
x = torch.ones(1 << 22)\nwhile True: y = torch.sort(x)
x = torch.sort(torch.arange(1 << 25))
x = [torch.ones(1 << 20)]\nwhile True: x.append(x[0] * 2)
y = torch.ones(1 << 20, requires_grad=True)\nwhile True: y = y * 1.01
while True: torch.nn.Linear(1000, 1000)
while True: str(torch.ones(900))
x = torch.ones(1)\nwhile True: x.item()
g = (x for x in [1])\nfor i in range(5000): g = (x for x in g)\nlist(g)
g = iter([1])\nfor i in range(5000): g = map(abs, g)\nlist(g)
g = iter([1])\nfor i in range(5000): g = zip(g)\nlist(g)
g = iter([1])\nfor i in range(5000): g = enumerate(g)\nnext(g)
g = zip(range(60000), range(60000))\nwhile True: g = zip(g, g)
x = [1]\nfor i in x: x.append(i)
x = [1]\ng = (x.append(i) for i in x)\nlist(g)
x = sum(1 for i in iter(int, 1))
def f():\n while True: pass\ntorch.optim.SGD((f() for p in [1]), lr=1)
m = torch.nn.Linear(2, 2)\nfor i in range(3000): m = torch.nn.Sequential(m)\nlist(m.named_modules())
print([torch.ones(1000)] * 60)
"""

RAISED = r"""
x = torch.nn.functional.embedding(torch.tensor([10 ** 12]), torch.ones(3, 3))
x = torch.nn.Embedding(3, 3)(torch.tensor([-1]))
x = torch.nn.Embedding(3, 3, max_norm=1.0)(torch.tensor([5]))
x = torch.nn.Embedding(3, 3, padding_idx=-10 ** 12)
x = torch.ones(3)[torch.tensor([10 ** 12])]
x = torch.ones(3) ; x[torch.tensor([-10 ** 12])] = 1
x = torch.ones(3).gather(0, torch.tensor([-10 ** 12]))
x = torch.ones(3).scatter_(0, torch.tensor([10 ** 12]), 1.0)
x = torch.ones(3).index_add_(0, torch.tensor([10 ** 12]), torch.ones(1))
x = torch.ones(3).index_select(0, torch.tensor([7]))
x = torch.take(torch.ones(3), torch.tensor([10 ** 12]))
x = torch.ones(3).masked_scatter(torch.tensor([True] * 3), torch.ones(1))
x = torch.nn.functional.cross_entropy(torch.ones(2, 3), torch.tensor([5, 10 ** 12]))
x = torch.nn.functional.nll_loss(torch.ones(2, 3), torch.tensor([-7, 1]))
x = torch.searchsorted(torch.tensor([3, 1]), torch.tensor([5]), sorter=torch.tensor([10 ** 9, 7]))
x = torch.multinomial(torch.tensor([-1.0, float('nan')]), 1)
x = torch.repeat_interleave(torch.ones(2), torch.tensor([-1, 1]))
x = torch.nn.functional.max_pool1d(torch.ones(1, 1, 3), 0)
x = torch.nn.functional.max_pool1d(torch.ones(1, 1, 3), 3, padding=10 ** 9)
x = torch.nn.functional.conv1d(torch.ones(1, 1, 3), torch.ones(1, 1, 3), dilation=0)
x = torch.nn.functional.pad(torch.ones(3), (-10, -10))
x = torch.ones(5).unfold(0, -3, 1)
x = torch.ones(5).unfold(0, 3, 0)
x = torch.ones(5).view(10 ** 18)
x = torch.ones(5).split(0)
x = torch.ones(5).narrow(0, 10 ** 18, 10 ** 18)
x = torch.ones(5).transpose(0, 10 ** 18)
x = torch.ones(5).diag_embed(10 ** 18)
x = torch.ones(1).expand(5).copy_(torch.arange(5))
x = torch.ones(5) ; x[1:] += x[:-1]
x = torch.linalg.matrix_norm(torch.full((30, 30), float('nan')), 'nuc')
x = torch.linalg.solve(torch.zeros(3, 3), torch.ones(3))
x = torch.nn.LSTM(3, 3)(torch.ones(0, 2, 3))
x = torch.nn.GRU(3, 3, num_layers=0)
x = torch.ones(3, 10 ** 6) @ torch.ones(3, 10 ** 6)
x = torch.nn.ModuleDict({'_apply': torch.nn.Linear(1, 1)})
x = torch.nn.ModuleDict({'forward': torch.nn.Linear(1, 1)})
x = torch.manual_seed('x')
x = torch.set_default_dtype(torch.int)
x = int('9' * 5000)
x = float('nan').hex()
x = [3, 1, 2] ; x.index(7)
g = (next(g) for x in [1]) ; next(g)
x = []\ng = (list(x[0]) for i in [1])\nx.append(g) ; next(g)
d = {1: 1}\nfor k in d: d.update({k + 1: 1})
x = {} ; x[[1]] = 1
torch = 5 ; x = torch.ones(1)
o = torch.optim.SGD([torch.nn.Linear(1, 1).weight], lr=1.0) ; o.param_groups[0]['params'] = [5] ; o.step()
"""

CHILD = r"""
x = {i * (2 ** 61 - 1): 0 for i in range(60000)}
x = [0] * torch.tensor(10 ** 9)
x = 'a' * torch.tensor(10 ** 10)
x = torch.repeat_interleave(torch.ones(2), torch.tensor([10 ** 12, 1]))
x = torch.repeat_interleave(torch.tensor([10 ** 10]))
x = torch.tensor_split(torch.ones(3), 10 ** 9)
x = torch.ones(0, 1 << 60).sum(0)
x = []\nwhile True: x.append([0] * 60000)
x = [0] * 60000\nwhile True: y = x[:]
x = 'a' * 10000\nwhile True: y = x.split('a')
x = torch.arange(60000)\nwhile True: y = x.tolist()
x = torch.nn.LSTM(10, 10, num_layers=10 ** 6)
print(torch.ones([2] * 24))
x = repr([torch.ones([2] * 20)] * 10)
raise ValueError(torch.ones([2] * 22))
class A(torch.nn.Module):\n def __init__(self):\n  super().__init__()\n  self.x = self\nprint(A())
class A(torch.nn.Module):\n def __init__(self):\n  super().__init__()\n  self.x = self\nA().train()
x = torch.nn.Sequential() ; x.append(x) ; x(torch.ones(1))
x = torch.nn.Linear(1, 1)\nfor i in range(5000): x = torch.nn.Sequential(x)\nprint(x)
x = torch.nn.Linear(1, 1)\nfor i in range(5000): x = torch.nn.Sequential(x)\nx(torch.ones(1))
"""

TABLES: Mapping[str, str] = {
    "grammar": GRAMMAR, "table": TABLE, "budget": BUDGET, "raised": RAISED, "child": CHILD
}  # fmt: skip
PROGRAMS = [
    (layer, line.replace("\\n", "\n"))
    for layer, table in TABLES.items()
    for line in table.strip().split("\n")
]
HEAD = "import math, torch\n"
GOOD = "import torch\nprint(torch.softmax(torch.tensor([0.0, 0.0]), 0))"

# What the budgets say when they turn something down.
SPENT = re.compile(
    r"a program (that|nested|of|with too)|too (large|long|deeply)|so (much|large|long|many)|more than"
    r"|such a width|the format `"
)
# The real child, with less time: what a layer before it turns down takes milliseconds, or a second.
IMPATIENT = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from verideck.verifying import child, limits
limits.LIMITS = {"run": limits.Limits(memory=2 << 30, processor=3, wall=60, alone=True)}
child.main()
"""


def impatient() -> Worker:
    *start, _, paths = command()
    return Worker([*start, IMPATIENT, paths])


@pytest.fixture(scope="module")
def outcomes() -> Mapping[str, tuple[Outcome, Outcome]]:
    """Run every program in the child, and after each a good one: what they gave."""
    jobs = [Job(JobKind.RUN, code) for _, program in PROGRAMS for code in (HEAD + program, GOOD)]
    found = local(2, impatient)(jobs, lambda done, total: None)
    return {code: (found[2 * at], found[2 * at + 1]) for at, (_, code) in enumerate(PROGRAMS)}


def stopped_by(program: str, outcome: Outcome) -> str:
    """Name the layer that stopped a program; empty where none did."""
    if grammar.parse(HEAD + program)[0] is None:
        return "grammar"
    if outcome.faults:
        fault = outcome.faults[0]
        if fault.reason == "crash" or "code that takes longer" in fault.message:
            return "child"
        return "budget" if SPENT.search(fault.message) else "table"
    return "raised" if outcome.run is not None and outcome.run.raised else ""


@pytest.mark.parametrize(("layer", "program"), PROGRAMS)
def test_hostile_program(layer: str, program: str, outcomes: Mapping[str, tuple[Outcome, Outcome]]) -> None:
    outcome, after = outcomes[program]
    found = stopped_by(program, outcome)
    assert found, f"it was computed: {outcome.run}"
    assert LAYERS.index(found) <= LAYERS.index(layer), f"stopped by the {found} only: {outcome}"
    assert after.faults == ()
    assert after.run is not None
    assert after.run.printed == "tensor([0.5000, 0.5000])\n"
    for fault in outcome.faults:
        assert fault.message
        assert 1 <= fault.line <= (HEAD + program).count("\n") + 1


def test_each_layer_stops_many(
    outcomes: Mapping[str, tuple[Outcome, Outcome]], record_property: Callable[[str, object], None]
) -> None:
    counts = Counter(stopped_by(program, outcomes[program][0]) for _, program in PROGRAMS)
    record_property("stopped by", ", ".join(f"{layer} {counts[layer]}" for layer in LAYERS))
    print(f"hostile programs: {len(PROGRAMS)};", *(f"{layer} {counts[layer]}" for layer in LAYERS))  # noqa: T201 - shown by `pytest -rP`
    assert len(PROGRAMS) == len({code for _, code in PROGRAMS}) >= 150
    assert set(counts) == set(LAYERS)


@pytest.mark.parametrize("program", [code for layer, code in PROGRAMS if layer != "grammar"])
def test_a_program_for_a_later_layer_is_in_the_grammar(program: str) -> None:
    tree, faults = grammar.parse(HEAD + program)
    assert tree is not None, faults
