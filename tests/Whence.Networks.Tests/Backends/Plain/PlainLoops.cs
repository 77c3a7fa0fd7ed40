namespace Whence.Generator.Emit.Plain;

using Whence.Generator.Graphs;
using Whence.Generator.Plan;

/// <summary>Steps as loops. Counters end in _, as no value's name does.</summary>
internal sealed class PlainLoops(SourceWriter to, PlainWeights fields, string prefix)
{
    private const string Scalars = "<float, Kernels.FloatMath>";
    private readonly List<(string Name, MapStep Step)> functions = [];

    /// <summary>Why a step has no loop here; null if it has one.</summary>
    public static string? Lacks(Step step) => step switch
    {
        { Scan: not null } => "The plain backend has no loops over a scan's steps.",
        KernelStep kernel => $"The plain backend has no loop for {kernel.Kernel}.",
        DenseStep { Weights.Source: var source } when IsOdd(source) => "The plain backend reads no weights of recurrent layers.",
        ConvolutionStep { Weights.Source: var source } when IsOdd(source) => "The plain backend reads no weights for letters.",
        _ when step.From.Any(value => value.Source?.Weights is not null && value.Storage == Storage.Constant) =>
            "The plain backend has no operands that are weights.",
        _ => null,
    };

    private static bool IsOdd(WeightSource source) => source.Weight != "weight" || source.OneHot || source.Biased > 0;

    /// <summary>One step, its operands being in scope by name.</summary>
    public void Write(Step step)
    {
        to.Line().Comment(step.Comment, step.To.Shape.ToString());
        to.Line("for (var row_ = 0; row_ < rows; row_++)").Line("{");
        to.Indented(() => WriteRow(step));
        to.Line("}");
    }

    /// <summary>The functions that loops have called so far.</summary>
    public void WriteFunctions()
    {
        foreach (var (name, step) in functions)
        {
            var arguments = step.From.Select((_, i) => $"x{i}").ToArray();
            var lines = ExpressionText.Lines(step.Expr, arguments);
            to.Line();
            to.Block($"private static V {name}<V, M>({string.Join(", ", arguments.Select(argument => "V " + argument))}) "
                + "where M : struct, IMath<V>", () =>
                {
                    for (var i = 0; i < lines.Count; i++)
                        to.Line(i < lines.Count - 1 ? lines[i] : $"return {lines[i]};");
                });
        }
        functions.Clear();
    }

    /// <summary>An element of this row's value.</summary>
    public string At(PlannedValue value, string index) => value.Storage switch
    {
        Storage.Constant => $"{fields.Constant(value)}[{index}]",
        Storage.Kept => $"{value.Name}[row_ * keptRow + {index}]",
        Storage.Input or Storage.Reference => $"{value.Name}[row_ * InputSize + {index}]",
        _ => $"{value.Name}[row_ * {value.Size} + {index}]",
    };

    private void WriteRow(Step step)
    {
        switch (step)
        {
            case MapStep elements:
                var name = fields.Function(prefix + (elements.Loop ?? "Map"));
                functions.Add((name, elements));
                Each(step.To, $"{name}{Scalars}({string.Join(", ", step.From.Select(value => At(value, "i_")))})");
                break;
            case BetweenStep between:
                Each(step.To, Then(between.Then, $"{At(step.From[0], "i_")} + arguments.Alphas[row_] * {At(step.From[1], "i_")}"));
                break;
            case SumStep sum:
                Each(step.To, $"(float)sums[row_ * {sum.Row} + {sum.Offset} + i_]");
                break;
            case CopyStep copy:
                Copy(copy);
                break;
            case DenseStep dense:
                Dense(dense);
                break;
            case ConvolutionStep convolution:
                Convolve(convolution);
                break;
            default:
                throw new NotSupportedException($"The plain backend has no loop for {step.GetType().Name}.");
        }
    }

    private void Each(PlannedValue value, string element) =>
        to.Line($"for (var i_ = 0; i_ < {value.Size}; i_++)").Line($"    {At(value, "i_")} = {element};");

    private static string Then(Function? function, string text) =>
        function is null ? text : $"{ExpressionText.New(function)}.Value{Scalars}({text})";

    private void Copy(CopyStep step)
    {
        if (step.Fill is { } fill)
            Each(step.To, SourceWriter.Float(fill));
        string Place(int offset, Func<(int Extent, int From, int To), int> stride) =>
            string.Concat(step.Axes.Select((axis, i) => $"a{i}_ * {stride(axis)} + ")) + offset;
        for (var i = 0; i < step.Axes.Count; i++)
            to.Line($"for (var a{i}_ = 0; a{i}_ < {step.Axes[i].Extent}; a{i}_++)");
        to.Line($"    {At(step.To, Place(step.ToOffset, axis => axis.To))} = "
            + $"{At(step.From[0], Place(step.FromOffset, axis => axis.From))};");
    }

    private void Dense(DenseStep step)
    {
        var (outputs, inputs) = (step.Weights.Settings.Int("outputs"), step.Weights.Settings.Int("inputs"));
        var (name, back) = (fields.Of(step.Weights), step.Weights.Transposed);
        var (size, from) = back ? (inputs, outputs) : (outputs, inputs);
        to.Line($"for (var n_ = 0; n_ < {step.Repeat}; n_++)").Line($"for (var o_ = 0; o_ < {size}; o_++)").Line("{");
        to.Indented(() =>
        {
            to.Line($"var sum_ = {(step.Weights.Source.Bias ? $"{name}Bias[o_]" : "0f")};");
            to.Line($"for (var i_ = 0; i_ < {from}; i_++)");
            to.Line($"    sum_ += {name}[{(back ? $"i_ * {inputs} + o_" : $"o_ * {inputs} + i_")}] "
                + $"* {At(step.From[0], $"n_ * {from} + i_")};");
            to.Line($"{At(step.To, $"n_ * {size} + o_")} = {Then(step.Then, "sum_")};");
        });
        to.Line("}");
    }

    // Every product of a convolution joins an element of the smaller side with one of the larger; which is added to says the direction.
    private void Convolve(ConvolutionStep step)
    {
        var (s, name, back) = (step.Weights.Settings, fields.Of(step.Weights), step.Weights.Transposed);
        var (channels, filters, groups) = (s.Int("channels"), s.Int("filters"), s.Int("groups"));
        var input = $"(y_ * {s.Int("width")} + x_) * {channels} + c_";
        var output = $"(v_ * {Windows(s, "width", "Width")} + u_) * {filters} + f_";
        Each(step.To, step.Weights.Source.Bias ? $"{name}Bias[i_ % {(back ? channels : filters)}]" : "0f");
        to.Line($"for (var v_ = 0; v_ < {Windows(s, "height", "Height")}; v_++)");
        to.Line($"for (var u_ = 0; u_ < {Windows(s, "width", "Width")}; u_++)");
        to.Line($"for (var k_ = 0; k_ < {s.Int("kernelHeight")}; k_++)");
        to.Line($"for (var l_ = 0; l_ < {s.Int("kernelWidth")}; l_++)").Line("{");
        to.Indented(() =>
        {
            to.Line($"var y_ = v_ * {s.Int("strideHeight")} - {s.Int("padHeight")} + k_ * {s.Int("dilationHeight")};");
            to.Line($"var x_ = u_ * {s.Int("strideWidth")} - {s.Int("padWidth")} + l_ * {s.Int("dilationWidth")};");
            to.Line($"if (y_ < 0 || y_ >= {s.Int("height")} || x_ < 0 || x_ >= {s.Int("width")})").Line("    continue;");
            to.Line($"for (var f_ = 0; f_ < {filters}; f_++)");
            to.Line($"for (var g_ = 0; g_ < {channels / groups}; g_++)").Line("{");
            to.Indented(() =>
            {
                to.Line($"var c_ = f_ / {filters / groups} * {channels / groups} + g_;");
                to.Line($"{At(step.To, back ? input : output)} += "
                    + $"{name}[((f_ * {channels / groups} + g_) * {s.Int("kernelHeight")} + k_) * {s.Int("kernelWidth")} + l_] "
                    + $"* {At(step.From[0], back ? output : input)};");
            });
            to.Line("}");
        });
        to.Line("}");
        if (step.Then is { } then)
            Each(step.To, Then(then, At(step.To, "i_")));
    }

    private static int Windows(Settings s, string length, string side) => Shape.Windows(s.Int(length), s.Int("kernel" + side),
        s.Int("stride" + side), s.Int("pad" + side), s.Int("dilation" + side), s.Flag("ceil"), s.Int($"pad{side}End", s.Int("pad" + side)));
}
