using System.Reflection;

namespace Whence.Generator.Check;

/// <summary>Every message a user can get. WH1xx: reading Forward. WH2xx: shapes. WH3xx: explanations. WH4xx: weights.</summary>
internal static class Problems
{
    public static readonly Problem NotInForward = new("WH101",
        "Forward cannot say this",
        "Forward cannot be compiled with {0}");

    public static readonly Problem NotPartial = new("WH102",
        "A network must be partial",
        "{0} must be partial, because the compiled network is written beside it") { IsCompilersToo = true };

    public static readonly Problem NotANetwork = new("WH103",
        "This class cannot be a network",
        "{0} cannot be a network: {1}");

    public static readonly Problem ForwardMissing = new("WH104",
        "A network needs Forward",
        "{0} has no method Forward, which says what the network computes");

    public static readonly Problem ForwardSignature = new("WH105",
        "Forward takes tensors and returns tensors",
        "Forward of {0} {1}");

    public static readonly Problem InputShape = new("WH106",
        "An input needs a shape",
        "{0} {1}");

    public static readonly Problem LayerSignature = new("WH107",
        "A layer is a method from tensor to tensor",
        "The layer {0} {1}");

    public static readonly Problem LayerArgument = new("WH108",
        "A layer's argument is out of range",
        "{0} of {1} is {2}, but must be {3}");

    public static readonly Problem LayerParameter = new("WH109",
        "No such constructor parameter",
        "'{0}' is not a parameter of {1}'s primary constructor, nor a readonly field of it, that holds a number");

    public static readonly Problem NameTaken = new("WH110",
        "The name is taken by the compiled network",
        "{0} has the name of a member that is written into {1}; choose another");

    public static readonly Problem Recursion = new("WH111",
        "Forward cannot call itself",
        "{0} calls itself{1}, so that the network would have no end");

    public static readonly Problem TooLarge = new("WH112",
        "The network is too large",
        "Forward unrolls into more than {0} values; a recurrence of that many steps is a scan, a foreach over a tensor");

    public static readonly Problem NestedScan = new("WH113",
        "A scan cannot stand in a scan",
        "{0} inside a foreach over a tensor would be a scan in a scan, which is not supported; run one after the other, the first adding "
            + "what the second needs to a list");

    public static readonly Problem NetworkElsewhere = new("WH114",
        "A sub-network's source is needed",
        "{0} comes from the assembly {1}; only a network whose source is in this project can be a sub-network");

    public static readonly Problem FieldUnfit = new("WH115",
        "A sub-network is a readonly field made with new",
        "{0} {1}");

    public static readonly Problem Unused = new("WH116",
        "A layer is never called",
        "Forward never calls {0}") { IsWarning = true };

    public static readonly Problem RuleOnLayer = new("WH117",
        "This rule cannot be put on a layer",
        "The rule of {0} is {1}, which chooses by layer itself; put Rescale or RevealCancel on a layer");

    public static readonly Problem Internal = new("WH118",
        "Whence failed on this network",
        "{0} cannot be compiled because of a mistake in Whence itself, please report it with the class: {1}");

    public static readonly Problem SharedTensor = new("WH119",
        "Two layers read one tensor",
        "{0} and {1} both read the tensor '{2}'; give one of them another Name, or both this one, if they share their "
            + "weights") { IsWarning = true };

    public static readonly Problem AttributeForgotten = new("WH120",
        "A class with layers is a network",
        "{0} has layers, but is no network, so that nothing is written for them: put [Network] before the class{1}");

    public static readonly Problem MemberUnclear = new("WH130",
        "What a member holds is not clear",
        "{0} {1}");

    public static readonly Problem MemberWithoutValue = new("WH131",
        "A member has no value",
        "Forward reads {0}, which is never given a value: give it one where it is declared, or in the constructor");

    public static readonly Problem ShapesDiffer = new("WH201",
        "Shapes do not fit",
        "{0} {1}");

    public static readonly Problem VariableLength = new("WH202",
        "This does not take a variable number of positions",
        "{0} {1}");

    public static readonly Problem TooMuchMemory = new("WH203",
        "The network is too large for memory",
        "{0} cannot be compiled: {1}");

    public static readonly Problem NotANumber = new("WH204",
        "This arithmetic gives no finite number",
        "{0}, so that nothing that depends on it is finite") { IsWarning = true };

    public static readonly Problem PointOffPath = new("WH205",
        "The point is not on the path",
        "{0} is not on the path, which goes from 0, the reference, to 1, the input") { IsWarning = true };

    public static readonly Problem OptionOutOfRange = new("WH206",
        "An option is out of range",
        "{0} of {1} is {2}, but must be {3}: what is asked with it throws") { IsWarning = true };

    public static readonly Problem LayerArgumentTwice = new("WH210",
        "A layer's setting is said twice",
        "{0} has both {1} and {2}, which say the same; leave one out");

    public static readonly Problem ValueUndefined = new("WH211",
        "A setting has a value that there is not",
        "{0} of {1} is {2}, which is no value of {3}: {4}");

    public static readonly Problem RequiredMember = new("WH212",
        "A network's member cannot be required",
        "{0} is required of whoever makes {1}, but Load makes it and has no value for it; leave out required, or give it its value in a "
            + "constructor marked [SetsRequiredMembers]");

    public static readonly Problem TooManySizes = new("WH213",
        "A layer is given more sizes than it has",
        "{0} is given {1} numbers, but [{2}] takes {3}; how much comes in follows from Forward");

    public static readonly Problem LayerListedTwice = new("WH214",
        "A layer is listed twice",
        "Layers names {0} twice, which makes no second layer; leave one out") { IsWarning = true };

    public static readonly Problem BoundsCrossed = new("WH215",
        "The bounds of Clamp are the wrong way round",
        "{0} is {1} whatever it is given, because its least, {2}, is over its most") { IsWarning = true };

    public static readonly Problem FunctionUnfit = new("WH216",
        "A function of one's own cannot be compiled",
        "{0} {1}");

    public static readonly Problem NameUnfit = new("WH217",
        "This name cannot be that of a sub-network's weights",
        "{0} {1}");

    public static readonly Problem TensorLacks = new("WH218",
        "A tensor does not have this",
        "A {0} has no {1}: {2}");

    public static readonly Problem LayerForgotten = new("WH219",
        "A partial method is a layer",
        "{0} is partial and has no body, but no attribute from which one is written: put {1} before it, or give it a body");

    public static readonly Problem NoRule = new("WH301",
        "No rule for this operator",
        "{0} has no rule for {1}: {2}");

    public static readonly Problem GenomicsNeedsLayer = new("WH302",
        "The genomics preset cannot choose a rule",
        "The genomics preset chooses an activation's rule by the layer below it, a convolution or a Linear, but {0} stands above {1}; put "
            + "Rule = on a layer, or ask for Rescale or RevealCancel");

    public static readonly Problem LayerUnknown = new("WH303",
        "No such layer to ask about",
        "Layers names {0}, but {1}");

    public static readonly Problem StabiliserOutOfRange = new("WH304",
        "LRP's stabiliser is out of range",
        "LrpEpsilon of {0} is {1}, but what is added to a value before it is divided by is a finite number of at least 0");

    public static readonly Problem LayerAmbiguous = new("WH305",
        "The layer is called several times",
        "Layers names '{0}', which {1} computes {2} times: {3}; name one of them, or '{0}.*' for the sum over all");

    public static readonly Problem CallsNotSummed = new("WH306",
        "The layer's calls cannot be summed",
        "Layers names '{0}', but {1}; name one: {2}");

    public static readonly Problem MethodForgotten = new("WH310",
        "The network was not asked for this",
        "{0} has no code for {1}: add {2} to [Network(Explain = ...)] of {0}");
    public static readonly Problem NotByItself = new("WH311",
        "The network is only a part of others",
        "{0} has no {1}, because {2}");

    public static readonly Problem GpuNotReferenced = new("WH320",
        "The package for GPUs is not referenced",
        "{0} is to be compiled for GPUs, but the project does not reference the package Whence.Gpu; add it, or leave out Backends.Gpu");

    public static readonly Problem TensorMissing = new("WH401",
        "A tensor is missing from the weights",
        "{0} needs the tensor '{1}' {2}, which {3} does not have{4}");

    public static readonly Problem TensorShape = new("WH402",
        "A tensor of the weights has another shape",
        "{0} needs the tensor '{1}' {2}, but {3} has it as {4}{5}");

    public static readonly Problem TensorUnused = new("WH403",
        "A tensor of the weights is not used",
        "No layer of {0} uses {1} of {2}") { IsWarning = true };

    public static readonly Problem WeightsUnknown = new("WH404",
        "No such weights file",
        "{0} names the weights '{1}', but <WhenceWeights> lists {2}");

    public static readonly Problem WeightsDamaged = new("WH405",
        "The weights file is damaged",
        "{0} cannot be read: {1}");

    public static readonly Problem TensorType = new("WH408",
        "A tensor of the weights has a type that cannot be read",
        "{0} needs the tensor '{1}', but {2} has it as {3}: weights must be " + SafetensorsEntry.WeightTypes);

    public static readonly Problem TensorParts = new("WH409",
        "A weight that is saved in parts cannot be made of them",
        "{0} needs the tensor '{1}' {2}, which cannot be made of its parts in {3}: {4}");

    public static readonly Problem WeightsNetworkUnknown = new("WH410",
        "No such network for the weights",
        "{0} is listed in <WhenceWeights> for the network '{1}', but the project has no network of that name") { IsWarning = true };

    public static readonly Problem FeaturesWrong = new("WH411",
        "Names of features do not fit the input",
        "The input {0} {1}");

    public static readonly Problem UnitUnknown = new("WH501",
        "The network has no such unit",
        "{0} has no {1}: {2}") { IsWarning = true };
    public static readonly Problem OutputUnknown = new("WH502",
        "The network has no such output",
        "{0} has no output {1}; it has {2}") { IsWarning = true };
    public static readonly Problem LayerNotAsked = new("WH503",
        "The layer was not asked for",
        "{0} cannot be asked about {1}: {2}") { IsWarning = true };
    public static readonly Problem RuleNotAsked = new("WH504",
        "The rule was not asked for",
        "{0} has no code for {1}: add Methods.{1} to [Network(Explain = ...)] of {0}") { IsWarning = true };
    public static readonly Problem LengthWrong = new("WH505",
        "A row has another length",
        "{0} takes {1} numbers, {2}, but is given {3}") { IsWarning = true };
    public static readonly Problem PartsUnfit = new("WH506",
        "Windows or groups do not fit the input",
        "{0} {1}") { IsWarning = true };
    public static readonly Problem TargetsWrong = new("WH507",
        "There are more or fewer targets than inputs",
        "{0} is asked about {1}, each with a target of its own, but is given {2}") { IsWarning = true };
    public static readonly Problem NotPiecewiseLinear = new("WH509",
        "What is asked about is not linear but for kinks",
        "{0}'s {1} is not linear in its inputs but for kinks, so that Quadrature.Exact has no integral of it: {2}") { IsWarning = true };
    public static readonly Problem MethodNotExact = new("WH510",
        "This method has no exact integral",
        "{0} sums over points of the path; Quadrature.Exact is for IntegratedGradients alone") { IsWarning = true };

    /// <summary>All of them, in the order above.</summary>
    public static IEnumerable<Problem> All =>
        typeof(Problems).GetFields(BindingFlags.Public | BindingFlags.Static).Select(problem => (Problem)problem.GetValue(null));
}
