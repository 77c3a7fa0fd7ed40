using Whence.Generator.Emit.Cpu;
using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>Steps as calls of what a group of threads does together.</summary>
/// <param name="name">A value's local.</param>
/// <param name="weight">The local of some of the weights, by their field and how many floats they are.</param>
/// <param name="sliding">The local of how a convolution looks at its operand.</param>
/// <param name="seed">Where the seed lies, as an expression.</param>
/// <param name="calls">The structs of loops.</param>
/// <param name="fields">The fields of weights.</param>
/// <param name="isOfSteps">Whether a value has a row for each step at a time.</param>
internal sealed class WholeCalls(Func<PlannedValue, string> name, Func<string, int, string> weight, Func<string, string> sliding,
    string seed, KernelCalls calls, WeightFields fields, Func<PlannedValue, bool> isOfSteps)
{
    /// <summary>One step; a seed may be one from which the way back can begin.</summary>
    public void Write(SourceWriter to, Step step, bool isStart)
    {
        var (target, size) = (name(step.To), step.To.Size);
        switch (step)
        {
            case MapStep map:
                to.Statement($"Gpu.GroupLoop.Map(default({calls.Loop(map)}), {target}, {size}, "
                    + $"{string.Join(", ", map.From.Select(name))});");
                break;
            case BetweenStep between:
                to.Statement($"Gpu.GroupLoop.Between({name(between.From[0])}, {name(between.From[1])}, alphas, {target}, {size}, "
                    + $"{calls.Epilogue(between, between.Then)});");
                break;
            case DenseStep dense:
                WriteDense(to, dense);
                break;
            case ConvolutionStep convolution:
                WriteConvolution(to, convolution);
                break;
            case KernelStep kernel:
                WriteKernel(to, kernel);
                break;
            case CopyStep copy:
                WriteCopy(to, copy);
                break;
            case SumStep sum:
                to.Line($"Gpu.GroupPath.Sum(sums, lost, {sum.Offset}, {target}, {size});");
                break;
            case SeedStep begun:
                WriteSeed(to, begun, isStart);
                break;
            default:
                throw new InvalidOperationException($"{step.GetType().Name} is no step of a group.");
        }
    }

    private string OfOne(Step step) => isOfSteps(step.To) ? "" : "OfOne";

    private void WriteDense(SourceWriter to, DenseStep step)
    {
        var settings = step.Weights.Settings;
        var (inputs, outputs) = step.Weights.Transposed
            ? (settings.Int("outputs"), settings.Int("inputs"))
            : (settings.Int("inputs"), settings.Int("outputs"));
        to.Statement($"Gpu.GroupProduct.Dense{OfOne(step)}({name(step.From[0])}, {Weights(step.Weights, inputs, outputs, outputs)}, "
            + $"{name(step.To)}, {step.Repeat}, {inputs}, {outputs}, {calls.Epilogue(step, step.Then)});");
    }

    private void WriteConvolution(SourceWriter to, ConvolutionStep step)
    {
        var (window, isBack) = (step.Weights.Settings, step.Weights.Transposed);
        var groups = window.Int("groups", 1);
        var (channels, outputs) = (window.Int("channels") / groups, window.Int("filters") / groups);
        if (isBack)
            (channels, outputs) = (outputs, channels);
        var taps = window.Int("kernelHeight", 1) * window.Int("kernelWidth", 1);
        to.Statement($"Gpu.GroupConvolve.{(isBack ? "Transposed" : "Affine")}{OfOne(step)}({name(step.From[0])}, "
            + $"{Weights(step.Weights, groups * taps * channels, outputs, groups * outputs)}, {name(step.To)}, "
            + $"{sliding(Sliding(window, isBack, groups, channels, outputs))}, {calls.Epilogue(step, step.Then)});");
    }

    private static string Sliding(Settings window, bool isBack, int groups, int channels, int outputs)
    {
        int Out(string side, string axis)
        {
            var (pad, kernel) = (window.Int("pad" + axis), window.Int("kernel" + axis, 1));
            return (window.Int(side, 1) + pad + window.Int($"pad{axis}End", pad) - window.Int("dilation" + axis, 1) * (kernel - 1) - 1)
                / window.Int("stride" + axis, 1) + 1;
        }
        var (before, after) = ((window.Int("height", 1), window.Int("width", 1)), (Out("height", "Height"), Out("width", "Width")));
        var ((height, width), (siteHeight, siteWidth)) = isBack ? (after, before) : (before, after);
        var sides = new[] { ("kernel", 1), ("stride", 1), ("pad", 0), ("dilation", 1) }.SelectMany(side => new[] { "Height", "Width" }
            .Select(axis => $"{Names.Pascal(side.Item1)}{axis} = {window.Int(side.Item1 + axis, side.Item2)}"));
        return $"Groups = {groups}, Channels = {channels}, Outputs = {outputs}, Height = {height}, Width = {width}, "
            + $"SiteHeight = {siteHeight}, SiteWidth = {siteWidth}, {string.Join(", ", sides)}";
    }

    // Packed weights, rows filled up to fours, and the bias where there is one.
    private string Weights(PackedWeights weights, int rows, int outputs, int biases)
    {
        var (packed, bias) = fields.Of(weights);
        var local = weight(packed, rows * ((outputs + 3) / 4 * 4));
        return bias is null ? local : $"{local}, {weight(bias, biases)}";
    }

    private void WriteKernel(SourceWriter to, KernelStep step)
    {
        var method = step.Kernel switch
        {
            "MatMul.Product" => "GroupProduct.Matrices",
            "Reduce.Sum" => "GroupReduce.Sum",
            "Reduce.LogSumExp" => "GroupReduce.LogSumExp",
            "Reduce.LogSoftmax" => "GroupReduce.LogSoftmax",
            _ => throw new InvalidOperationException($"{step.Kernel} is no kernel of a group."),
        };
        to.Statement($"Gpu.{method}({string.Join(", ", [.. step.From.Select(name), name(step.To), .. calls.Arguments(step)])});");
    }

    private void WriteCopy(SourceWriter to, CopyStep step)
    {
        if (step.Fill is { } fill)
            to.Line($"Gpu.GroupCopy.Fill({name(step.To)}, {step.To.Size}, {SourceWriter.Float(fill)});").Line("Gpu.ThisGroup.Barrier();");
        var axes = step.Axes.Select(axis => $"new Gpu.Axis({axis.Extent}, {axis.From}, {axis.To})");
        to.Statement($"Gpu.GroupCopy.Box({name(step.From[0])}, {KernelCalls.Offset(step.FromOffset, step.FromStep)}, {name(step.To)}, "
            + $"{KernelCalls.Offset(step.ToOffset, step.ToStep)}, {string.Join(", ", axes)});");
    }

    private void WriteSeed(SourceWriter to, SeedStep step, bool isStart)
    {
        var (target, size) = (name(step.To), step.To.Size);
        if (isStart)
        {
            var coming = step.Coming is { } value ? $", {name(value)}" : "";
            to.Line($"Gpu.GroupPath.Seed({target}{coming}, {seed}, p.Start == {step.Guard.Index}, {size}, {step.To.Channels});");
        }
        else if (step.Coming is { } copied)
            to.Line($"Gpu.GroupCopy.Box({name(copied)}, 0, {target}, 0, new Gpu.Axis({size}, 1, 1));");
        else
            to.Line($"Gpu.GroupCopy.Fill({target}, {size}, 0f);");
    }
}
