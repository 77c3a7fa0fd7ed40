using Whence.CompilerServices;
using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Networks.Tests.Interpret;

/// <summary>The network as it is followed from kink to kink, with its weights in double precision.</summary>
internal sealed partial class InterpretedNetwork : IExactPaths<double>
{
    private readonly Piecewise? piecewise;
    private readonly Lazy<PiecewiseLinear>? exact;

    public bool IsPiecewiseLinear(int point) => piecewise?.Points.Any(at => at.Index == point) == true;

    public ExactIntegral IntegratePath(in ExactPath<double> path) => exact!.Value.Integrate(path);

    private PiecewiseLinear Pieces(Piecewise piecewise, Tensors tensors)
    {
        var (plan, pieces, made) = (new PiecewisePlan(piecewise, forward, null), new PiecewiseBuilder(), new Dictionary<int, int>());
        foreach (var call in plan.Calls)
            made[call.Node] = Made(pieces, call, new(call, made, predict, tensors));
        foreach (var (index, node) in plan.Points)
            pieces.Point(index, made[node]);
        return pieces.Build();
    }

    private static int Made(PiecewiseBuilder to, PiecewiseCall call, Arguments given) => call.Method switch
    {
        "Input" => to.Input(given.Axes(0)),
        "Constant" => to.Constant(given.Numbers(0), given.Axes(1)),
        "Dense" => to.Dense(given.Value(0), given.Weights(1).Weight, given.Weights(1).Bias),
        "Convolve" => to.Convolve(given.Value(0), given.WindowOfWeights(1), given.Weights(1).Weight, given.Weights(1).Bias,
            given.IsTransposed(1)),
        "Relabel" => to.Relabel(given.Value(0), given.Axes(1)),
        "Permute" => to.Permute(given.Value(0), given.Wholes(1)),
        "Flip" => to.Flip(given.Value(0)),
        "Cut" => to.Cut(given.Value(0), given.Whole(1), given.Whole(2), given.Whole(3)),
        "Border" => to.Border(given.Value(0), given.Whole(1), given.Whole(2), given.Whole(3), given.Number(4)),
        "Repeat" => to.Repeat(given.Value(0), given.Whole(1), given.Whole(2)),
        "Join" => to.Join(given.Values(0), given.Whole(1)),
        "Combine" => to.Combine(given.Values(0), given.Numbers(1)),
        "Sum" => to.Sum(given.Value(0), given.Whole(1), given.Number(2)),
        "ChannelWindow" => to.ChannelWindow(given.Value(0), given.Whole(1), given.Whole(2), given.Number(3), given.Number(4)),
        "Resample" => to.Resample(given.Value(0), given.Whole(1), given.Whole(2), given.Wholes(3), given.Numbers(4)),
        "Average" => to.Average(given.Value(0), given.Window(1)),
        "Max" => to.Max(given.Value(0), given.Window(1)),
        "Scale" => to.Scale(given.Value(0), given.Value(1), call.Arguments.Count > 2 ? given.Value(2) : null),
        "PRelu" => to.PRelu(given.Value(0), given.Value(1)),
        "Bound" => to.Bound(given.Value(0), given.Value(1), given.Flag(2)),
        "Apply" => given.Applied(to, given.Value(0), 1),
        var method => throw new InvalidOperationException($"No such piece: {method}."),
    };

    /// <summary>What a call is given, as the builder takes it.</summary>
    private sealed record Arguments(PiecewiseCall Call, Dictionary<int, int> Made, Interpreter Interpreter, Tensors Tensors)
    {
        private T As<T>(int argument) where T : PiecewiseArgument => (T)Call.Arguments[argument];

        public int Value(int argument) => Made[As<PiecewiseArgument.Value>(argument).Node];

        public int[] Values(int argument) => [.. As<PiecewiseArgument.Values>(argument).Nodes.Select(node => Made[node])];

        public double Number(int argument) => As<PiecewiseArgument.Number>(argument).Of;

        public int Applied(PiecewiseBuilder to, int x, int argument)
        {
            var function = AppliedFunction.Made(As<PiecewiseArgument.Applied>(argument).Function);
            return (int)typeof(PiecewiseBuilder).GetMethod(nameof(PiecewiseBuilder.Apply))!.MakeGenericMethod(function.GetType())
                .Invoke(to, [x, function])!;
        }

        public int Whole(int argument) => (int)Number(argument);

        public double[] Numbers(int argument) => Call.Arguments[argument] is PiecewiseArgument.Numbers numbers
            ? [.. numbers.Of]
            : Interpreter.ConstantOf(Call.Node);

        public int[] Wholes(int argument) => [.. As<PiecewiseArgument.Wholes>(argument).Of];

        public bool Flag(int argument) => As<PiecewiseArgument.Flag>(argument).IsSet;

        public Shape Axes(int argument) => InterpretedNetwork.Axes(As<PiecewiseArgument.Axes>(argument).Shape);

        public LayerWeights Weights(int argument) => LayerWeights.Of(As<PiecewiseArgument.Weights>(argument).Node, Tensors);

        public bool IsTransposed(int argument) => As<PiecewiseArgument.Weights>(argument).Packed.Transposed;

        public Window WindowOfWeights(int argument) => Of(As<PiecewiseArgument.Weights>(argument).Node.Settings);

        public Window Window(int argument) => Of(As<PiecewiseArgument.Window>(argument).Settings);

        private static Window Of(Settings s) => new()
        {
            Channels = s.Int("channels", 1), Height = s.Int("height", 1), Width = s.Int("width", 1), Filters = s.Int("filters"),
            KernelHeight = s.Int("kernelHeight", 1), KernelWidth = s.Int("kernelWidth", 1),
            StrideHeight = s.Int("strideHeight", 1), StrideWidth = s.Int("strideWidth", 1),
            PadHeight = s.Int("padHeight"), PadWidth = s.Int("padWidth"),
            PadHeightEnd = s.Int("padHeightEnd", s.Int("padHeight")), PadWidthEnd = s.Int("padWidthEnd", s.Int("padWidth")),
            DilationHeight = s.Int("dilationHeight", 1), DilationWidth = s.Int("dilationWidth", 1),
            Groups = s.Int("groups", 1), Ceil = s.Flag("ceil"), CountPadding = s.Flag("countPadding", true),
        };
    }
}
