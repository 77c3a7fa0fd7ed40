namespace Whence;

using System.Numerics;
using Whence.Authoring;
using Whence.CompilerServices;

/// <summary>
/// Every question, with spans in and spans out (<see cref="ScoreSpans{T}"/>), over a network in single or double precision. Inputs are
/// [count, InputSize]; with <see cref="Targets.Each"/> outputs are [targets, count, ...]. After the first call at a size nothing is
/// allocated, and no lock is taken, unless <see cref="ExplainOptions.Threads"/> asks for more than one. Each method has its twin among
/// <see cref="Explainers"/>, which returns objects.
/// </summary>
/// <remarks>
/// Errors are those of all methods here: <see cref="ArgumentException"/> for inputs or references of another length or not
/// finite, targets or layers that are not there, steps below 1, outputs of another length, or a network that was not compiled
/// for the question; <see cref="NonFiniteException"/> if a value that the answer rests on is infinite or not a number, or a slope is
/// infinite.
/// </remarks>
public static partial class SpanExplainers
{
    /// <summary>
    /// The outputs, y [count, OutputSize], of the inputs x [count, InputSize]; all of them finite. Between two chunks of rows a caller can
    /// cancel, and is told which share is done, up to 1.
    /// </summary>
    /// <exception cref="NonFiniteException">An output is infinite or not a number: <see cref="PredictUnchecked"/> lets it
    /// through.</exception>
    public static void Predict<T>(IModel<T> net, ReadOnlySpan<T> x, Span<T> y, int count, int threads = 1,
        CancellationToken cancellation = default, IProgress<double>? progress = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        if (threads < 1)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, $"The number of threads is at least 1, but is {threads}.");
        PredictUnchecked(net, x, y, count, threads, cancellation, progress);
        Finite<T>(net, x, y, count, -1, "output");
    }

    /// <summary>
    /// The outputs as they come, also such as are infinite or not a number: what <see cref="Predict"/> computes, without its look at each
    /// output, which costs nothing that can be measured beside a network.
    /// </summary>
    public static void PredictUnchecked<T>(IModel<T> net, ReadOnlySpan<T> x, Span<T> y, int count, int threads = 1,
        CancellationToken cancellation = default, IProgress<double>? progress = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        if (threads < 1)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, $"The number of threads is at least 1, but is {threads}.");
        Check.Input(net.Signature, x, count);
        Check.Output(y.Length, (long)count * net.Signature.OutputSize, nameof(y));
        Forward(net, x, -1, y, count, threads, cancellation, ToldProgress.Of(progress, count));
    }

    /// <summary>
    /// Refuses values [count, ...] that are not finite, and names the operator that made the first; with <paramref name="input"/>, all are
    /// of one input.
    /// </summary>
    internal static void Finite<T>(IModel<T> net, ReadOnlySpan<T> x, ReadOnlySpan<T> values, int count, int input, string what,
        int point = -1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Rows.FirstNonFinite(values) is var at && at < 0)
            return;
        var (row, element) = Math.DivRem(at, values.Length / count);
        var (from, unit) = point < 0 ? Output(net.Signature, element) : (point, element);
        var seed = new T[Sizes.Of(net.Signature.Points[from].Shape)];
        seed[unit] = T.One;
        var own = x.Slice(row * net.Signature.InputSize, net.Signature.InputSize);
        var fault = net.FirstFault(new FaultSearch<T> { X = own, From = from, Seed = seed });
        var found = fault is null ? "" : $": the first value that is not finite ({fault.What}) is {fault}'s";
        input = input < 0 ? row : input;
        throw new NonFiniteException($"{net.Signature.Name}'s {what} is not finite for input {input} (element "
            + $"{element} is {values[at]}){found}.", input, fault);
    }

    /// <summary>The output that an element of a row of all outputs belongs to, and its place there.</summary>
    private static (int Output, int Unit) Output(Signature signature, int element)
    {
        var output = 0;
        for (; element >= Sizes.Of(signature.Outputs[output].Shape); output++)
            element -= Sizes.Of(signature.Outputs[output].Shape);
        return (output, element);
    }

    /// <summary>The values of a named layer, [count, its size], for the inputs x; all of them finite.</summary>
    /// <exception cref="NonFiniteException">A value is infinite or not a number: <see cref="IModel{T}.Forward"/> lets it
    /// through.</exception>
    public static void LayerActivation<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, Span<T> values, int threads = 1,
        CancellationToken cancellation = default, IProgress<double>? progress = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        if (threads < 1)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, $"The number of threads is at least 1, but is {threads}.");
        var point = Check.Layer(net.Signature, layer, nameof(layer));
        Check.Input(net.Signature, x, count);
        Check.Output(values.Length, (long)count * Sizes.Of(net.Signature.Points[point].Shape), nameof(values));
        Forward(net, x, point, values, count, threads, cancellation, ToldProgress.Of(progress, count));
        Finite<T>(net, x, values, count, -1, layer, point);
    }

    /// <summary>
    /// Any method, one's own among them (<see cref="IMethod"/>): scores [count, its score size], or of <see cref="Fold.PerRow"/> and
    /// <see cref="Fold.Values"/> [count, rows, ...], with a completeness for each.
    /// </summary>
    public static void With<T, M>(IModel<T> net, M method, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> where M : struct, IMethod
    {
        ArgumentNullException.ThrowIfNull(net);
        Driver<T>.Run(method, new Request<T>
        {
            Net = net, X = x, Count = count, Targets = targets, References = references, Scores = scores, Options = options,
        });
    }

    internal static void Keep<T>(IHostPasses<T> net, Pass pass, ReadOnlySpan<T> references, Span<T> kept, int rows,
        CancellationToken cancellation = default, ToldProgress? told = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = net.Signature.InputSize;
        var keptSize = net.KeptSize(pass);
        var chunk = net.Signature.ChunkRows;
        for (var first = 0; first < rows; first += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            var part = Math.Min(chunk, rows - first);
            net.Keep(pass, references.Slice(first * size, part * size), kept.Slice(first * keptSize, part * keptSize), part);
            told?.Add(part);
        }
    }

    private static unsafe void Forward<T>(IModel<T> net, ReadOnlySpan<T> x, int point, Span<T> values, int count, int threads,
        CancellationToken cancellation, ToldProgress? told)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (threads == 1 || count < 2)
        {
            Forward(net, x, point, values, count, cancellation, told);
            return;
        }
        fixed (T* input = x, output = values)
            ForwardOnThreads(net, (nint)input, point, (nint)output, count, values.Length / count, Math.Min(threads, count), cancellation,
                told);
    }

    internal static void Forward<T>(IModel<T> net, ReadOnlySpan<T> x, int point, Span<T> values, int count,
        CancellationToken cancellation = default, ToldProgress? told = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inputSize = net.Signature.InputSize;
        var size = count == 0 ? 0 : values.Length / count;
        var chunk = net.Signature.ChunkRows;
        for (var first = 0; first < count; first += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = Math.Min(chunk, count - first);
            net.Forward(x.Slice(first * inputSize, rows * inputSize), point, values.Slice(first * size, rows * size), rows);
            told?.Add(rows);
        }
    }

    private static unsafe void ForwardOnThreads<T>(IModel<T> net, nint x, int point, nint values, int count, int size, int threads,
        CancellationToken cancellation, ToldProgress? told)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inputSize = net.Signature.InputSize;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, threads, options, part =>
        {
            var first = (int)((long)count * part / threads);
            var rows = (int)((long)count * (part + 1) / threads) - first;
            var input = new ReadOnlySpan<T>((T*)x + (long)first * inputSize, rows * inputSize);
            Forward(net, input, point, new Span<T>((T*)values + (long)first * size, rows * size), rows, cancellation, told);
        });
    }
}
