using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>
/// What it takes to recompute what one changed position reaches, as the runtime reckons it too: in products of two numbers, of which as
/// many are computed as is a number moved in the time of <see cref="LocalCost.Move"/>.
/// </summary>
internal sealed class LocalWork(LocalPass pass)
{
    private readonly (int First, int End)[] rows = new (int First, int End)[pass.Values.Count];
    private readonly (int First, int End)[] columns = new (int First, int End)[pass.Values.Count];

    /// <summary>What is left of the work where one position amid the input changes, and all of the work.</summary>
    public (double Some, double All) OfOne()
    {
        var (some, all) = ((double)pass.Rest, (double)pass.Rest);
        foreach (var step in pass.Steps)
        {
            Follow(step);
            var value = pass.Values[step.To];
            var part = (double)(rows[step.To].End - rows[step.To].First) * (columns[step.To].End - columns[step.To].First);
            var channels = step.Step is ConvolutionStep ? LocalCost.Computed(value.Channels) : value.Channels;
            var each = channels * PerElement(step);
            some += part * each;
            all += (double)value.Height * value.Width * each;
            some += Gathered(step) * LocalCost.Move;
        }
        return (some, all);
    }

    /// <summary>A step of the whole pass.</summary>
    public static long OfWhole(Step step) => step is DenseStep or ConvolutionStep
        ? ProductSize.Of(step).Products
        : (long)LocalCost.Move * step.From.Append(step.To).Max(value => value.Size);

    private static double PerElement(LocalStep step) => step.Step switch
    {
        ConvolutionStep { Weights.Settings: var window } => Taps(window) * window.Int("channels", 1) / window.Int("groups", 1),
        KernelStep { Arguments: [KernelArgument.Window window] } => Taps(window.Settings) * LocalCost.Move,
        _ => step.Kind == LocalKind.Input ? 0 : LocalCost.Move * Math.Max(1, step.From.Count),
    };

    private static double Taps(Settings window) => (double)window.Int("kernelHeight", 1) * window.Int("kernelWidth", 1);

    // What a window reads is brought together first.
    private double Gathered(LocalStep step)
    {
        if (Window(step) is not { } window)
            return 0;
        double Covered((int First, int End) made, string axis) =>
            (made.End - made.First - 1) * window.Int("stride" + axis, 1)
            + (window.Int("kernel" + axis, 1) - 1) * window.Int("dilation" + axis, 1) + 1;
        return Covered(rows[step.To], "Height") * Covered(columns[step.To], "Width") * window.Int("channels", 1);
    }

    private static Settings? Window(LocalStep step) => step.Step switch
    {
        ConvolutionStep convolution => convolution.Weights.Settings,
        KernelStep { Arguments: [KernelArgument.Window window] } => window.Settings,
        _ => null,
    };

    private void Follow(LocalStep step)
    {
        var value = pass.Values[step.To];
        if (step.Kind == LocalKind.Input)
        {
            rows[step.To] = (value.Height / 2, value.Height / 2 + 1);
            columns[step.To] = (value.Width / 2, value.Width / 2 + 1);
        }
        else if (Window(step) is { } window)
        {
            rows[step.To] = Along(rows[step.From[0]], window, "Height", value.Height);
            columns[step.To] = Along(columns[step.From[0]], window, "Width", value.Width);
        }
        else
        {
            var from = step.From.Where(input => input >= 0).ToList();
            rows[step.To] = (from.Min(input => rows[input].First), from.Max(input => rows[input].End));
            columns[step.To] = (from.Min(input => columns[input].First), from.Max(input => columns[input].End));
        }
    }

    private static (int, int) Along((int First, int End) from, Settings window, string axis, int outputs)
    {
        var (stride, pad) = (window.Int("stride" + axis, 1), window.Int("pad" + axis));
        var earliest = from.First + pad - (window.Int("kernel" + axis, 1) - 1) * window.Int("dilation" + axis, 1);
        var first = Math.Min(earliest <= 0 ? 0 : (earliest + stride - 1) / stride, outputs - 1);
        return (first, Math.Max(first + 1, Math.Min((from.End - 1 + pad) / stride + 1, outputs)));
    }
}
