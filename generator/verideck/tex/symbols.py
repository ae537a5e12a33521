"""The names of MathJax's commands that take nothing and show one sign."""

from __future__ import annotations

# Letters and what stands like one: Greek, Hebrew, `\infty`, `\square`, units.
LETTERS = """
    aleph alpha And angle backprime backslash Bbbk beta beth bigstar blacklozenge blacksquare
    blacktriangle blacktriangledown bot Box celsius checkmark chi circledR circledS clubsuit
    complement daleth degree Delta delta diagdown diagup Diamond diamondsuit digamma ell emptyset
    epsilon eta eth exists Finv flat forall Game Gamma gamma gimel hbar heartsuit hslash Im imath
    infty iota jmath kappa Lambda lambda lnot lozenge maltese measuredangle mho micro mu nabla
    natural neg nexists nu ohm Omega omega omicron partial perthousand Phi phi Pi pi prime Psi psi
    Re rho S sharp Sigma sigma spadesuit sphericalangle square tau Theta theta top triangle
    triangledown upalpha upbeta upchi Updelta updelta upepsilon upeta Upgamma upgamma upiota upkappa
    Uplambda uplambda upmu upnu Upomega upomega upomicron Upphi upphi Uppi uppi Uppsi uppsi uprho
    Upsigma upsigma Upsilon upsilon uptau Uptheta uptheta Upupsilon upupsilon upvarepsilon upvarphi
    upvarpi upvarrho upvarsigma upvartheta Upxi upxi upzeta varDelta varepsilon varGamma varkappa
    varLambda varnothing varOmega varPhi varphi varPi varpi varPsi varrho varSigma varsigma varTheta
    vartheta varUpsilon varXi wp Xi xi yen zeta
"""

# Operators, relations and arrows.
SIGNS = """
    amalg approx approxeq ast asymp backepsilon backsim backsimeq barwedge because between bigcap
    bigcirc bigcup bigodot bigoplus bigotimes bigsqcup bigtriangledown bigtriangleup biguplus bigvee
    bigwedge blacktriangleleft blacktriangleright bowtie boxdot boxminus boxplus boxtimes bullet
    Bumpeq bumpeq Cap cap cdot cdotp cdots centerdot circ circeq circlearrowleft circlearrowright
    circledast circledcirc circleddash colon cong coprod Cup cup curlyeqprec curlyeqsucc curlyvee
    curlywedge curvearrowleft curvearrowright dagger dashleftarrow dashrightarrow dashv ddagger
    ddots diamond div divideontimes divsymbol Doteq doteq doteqdot dotplus dotsb dotsc dotsi dotsm
    dotso doublebarwedge doublecap doublecup downdownarrows downharpoonleft downharpoonright eqcirc
    eqsim eqslantgtr eqslantless equiv fallingdotseq frown ge geq geqq geqslant gets gg ggg gggtr
    gnapprox gneq gneqq gnsim gt gtrapprox gtrdot gtreqless gtreqqless gtrless gtrsim gvertneqq
    hookleftarrow hookrightarrow iiiint iiint iint in int intercal intop Join land ldotp ldots le
    leadsto Leftarrow leftarrow leftarrowtail leftharpoondown leftharpoonup leftleftarrows
    Leftrightarrow leftrightarrow leftrightarrows leftrightharpoons leftrightsquigarrow
    leftthreetimes leq leqq leqslant lessapprox lessdot lesseqgtr lesseqqgtr lessgtr lesssim lhd ll
    Lleftarrow lll llless lnapprox lneq lneqq lnsim Longleftarrow longleftarrow Longleftrightarrow
    longleftrightarrow longmapsto Longrightarrow longrightarrow looparrowleft looparrowright lor Lsh
    lt ltimes lvertneqq mapsto mid models mp multimap ncong ne nearrow neq ngeq ngeqq ngeqslant ngtr
    ni nLeftarrow nleftarrow nLeftrightarrow nleftrightarrow nleq nleqq nleqslant nless nmid notin
    nparallel nprec npreceq nRightarrow nrightarrow nshortmid nshortparallel nsim nsubseteq
    nsubseteqq nsucc nsucceq nsupseteq nsupseteqq ntriangleleft ntrianglelefteq ntriangleright
    ntrianglerighteq nVDash nVdash nvDash nvdash nwarrow odot oint ominus oplus oslash otimes owns
    parallel perp pitchfork pm prec precapprox preccurlyeq preceq precnapprox precneqq precnsim
    precsim prod propto restriction rhd Rightarrow rightarrow rightarrowtail rightharpoondown
    rightharpoonup rightleftarrows rightleftharpoons rightrightarrows rightsquigarrow
    rightthreetimes risingdotseq Rrightarrow Rsh rtimes searrow setminus shortmid shortparallel sim
    simeq smallfrown smallint smallsetminus smallsmile smile sqcap sqcup sqsubset sqsubseteq
    sqsupset sqsupseteq star Subset subset subseteq subseteqq subsetneq subsetneqq succ succapprox
    succcurlyeq succeq succnapprox succneqq succnsim succsim sum Supset supset supseteq supseteqq
    supsetneq supsetneqq surd swarrow therefore thickapprox thicksim times to triangleleft
    trianglelefteq triangleq triangleright trianglerighteq twoheadleftarrow twoheadrightarrow unlhd
    unrhd upharpoonleft upharpoonright uplus upuparrows varpropto varsubsetneq varsubsetneqq
    varsupsetneq varsupsetneqq vartriangle vartriangleleft vartriangleright Vdash vDash vdash vdots
    vee veebar Vvdash wedge wr
"""

# What may stand behind `\left` and `\right`.
DELIMITERS = """
    Arrowvert arrowvert bracevert Downarrow downarrow langle lbrace lbrack lceil lfloor lgroup
    llcorner lmoustache lparen lrcorner lVert lvert rangle rbrace rbrack rceil rfloor rgroup
    rmoustache rparen rVert rvert ulcorner Uparrow uparrow Updownarrow updownarrow urcorner Vert
    vert
"""

# Signs of the package textcomp.
TEXT_SIGNS = """
    textacutedbl textasciiacute textasciibreve textasciicaron textasciicircum textasciidieresis
    textasciimacron textasciitilde textasteriskcentered textbackslash textbaht textbar textbardbl
    textbigcircle textblank textborn textbraceleft textbraceright textbrokenbar textbullet
    textcelsius textcent textcentoldstyle textcircledP textcolonmonetary textcompwordmark
    textcopyleft textcopyright textcurrency textdagger textdaggerdbl textdegree textdied
    textdiscount textdiv textdivorced textdollar textdollaroldstyle textdong textdownarrow
    texteightoldstyle textellipsis textemdash textendash textestimated texteuro textexclamdown
    textfiveoldstyle textflorin textfouroldstyle textfractionsolidus textgravedbl textgreater
    textguarani textinterrobang textinterrobangdown textlangle textlbrackdbl textleftarrow textless
    textlira textlnot textlquill textmarried textmho textminus textmu textmusicalnote textnaira
    textnineoldstyle textnumero textohm textonehalf textoneoldstyle textonequarter textonesuperior
    textopenbullet textordfeminine textordmasculine textparagraph textperiodcentered
    textpertenthousand textperthousand textpeso textpm textquestiondown textquotedblleft
    textquotedblright textquoteleft textquoteright textrangle textrbrackdbl textrecipe
    textreferencemark textregistered textrightarrow textrquill textsection textservicemark
    textsevenoldstyle textsixoldstyle textsterling textsurd textthreeoldstyle textthreequarters
    textthreesuperior texttildelow texttimes texttrademark texttwooldstyle texttwosuperior
    textunderscore textuparrow textvisiblespace textwon textyen textzerooldstyle
"""
