using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Whence.Extensions;

/// <summary>
/// A network that is loaded once and answers for all requests, from any number of threads: predictions and reasons by the method of its
/// options, counted, timed and traced (<see cref="NetworkTelemetry"/>), and computed together where that was asked for. An answer has the
/// same bits whatever is computed beside it.
/// </summary>
public sealed class NetworkService<TNet> : IAsyncDisposable, IDisposable where TNet : class, INetwork
{
    private readonly Question<TNet> question;
    private readonly NetworkTelemetry<TNet> telemetry;
    private readonly RowQueue<float[]> predictions;
    private readonly RowQueue<Attribution> explanations;
    private readonly bool batches;

    /// <summary>Loads the network, and looks at its options again, now that it is known.</summary>
    /// <exception cref="OptionsValidationException">The options are not right for the network.</exception>
    /// <exception cref="WeightsException">The weights are not the network's.</exception>
    internal NetworkService(NetworkLoader<TNet> loader, NetworkOptions<TNet> options, NetworkTelemetry<TNet> telemetry)
    {
        var start = Stopwatch.GetTimestamp();
        this.telemetry = telemetry;
        Network = loader.Load(options);
        question = new Question<TNet>(Network, options);
        GapTolerance = options.GapTolerance;
        batches = options.MaxBatchRows > 1;
        predictions = Queue(new Predictions(Network, telemetry), options);
        explanations = Queue(new Explanations(question, telemetry), options);
        telemetry.Observe(() => predictions.Waiting + explanations.Waiting);
        telemetry.Loaded(question.Method, options, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>The network, for questions of other kinds.</summary>
    public TNet Network { get; }

    /// <summary>The method by which <see cref="ExplainAsync"/> explains, in words; "none" if rows are predicted alone.</summary>
    public string Method => question.Method;

    /// <summary>How many rows wait to be computed.</summary>
    public int WaitingRows => predictions.Waiting + explanations.Waiting;

    internal double? GapTolerance { get; }

    /// <summary>The outputs for a row [InputSize], all of them finite.</summary>
    /// <param name="x">The row; it may be changed as soon as this has returned.</param>
    /// <param name="cancellation">Ends the wait, and between two chunks the computation.</param>
    /// <exception cref="ArgumentException">The row has another length, or a number in it is not finite.</exception>
    /// <exception cref="NonFiniteException">An output is infinite or not a number.</exception>
    /// <exception cref="NetworkBusyException">As many rows wait as may.</exception>
    /// <exception cref="ObjectDisposedException">The service ended.</exception>
    public ValueTask<float[]> PredictAsync(ReadOnlyMemory<float> x, CancellationToken cancellation = default)
    {
        Check.Input(Network.Signature, x.Span, 1);
        return telemetry.Predict(() => predictions.Ask(x, default, cancellation));
    }

    /// <summary>Why the network answers as it does for a row [InputSize].</summary>
    /// <param name="x">The row; it may be changed as soon as this has returned.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="cancellation">Ends the wait, and between two chunks the computation.</param>
    /// <exception cref="ArgumentException">The row has another length, a number in it is not finite, or there is no such
    /// target.</exception>
    /// <exception cref="CompletenessException">The gap is over <see cref="NetworkOptions{TNet}.GapTolerance"/>.</exception>
    /// <exception cref="InvalidOperationException">The options name no method.</exception>
    /// <exception cref="NonFiniteException">A value that the answer rests on, or a slope, is not finite.</exception>
    /// <exception cref="NetworkBusyException">As many rows wait as may.</exception>
    /// <exception cref="ObjectDisposedException">The service ended.</exception>
    public ValueTask<Attribution> ExplainAsync(ReadOnlyMemory<float> x, Target target, CancellationToken cancellation = default)
    {
        question.RequireMethod();
        Check.Input(Network.Signature, x.Span, 1);
        return telemetry.Explain(question.Method, target, () => explanations.Ask(x, target, cancellation), Require);
    }

    /// <summary>The same at once, on this thread and past all who wait: what a health check asks.</summary>
    internal Attribution Explain(ReadOnlySpan<float> x, Target target, CancellationToken cancellation) =>
        question.Ask(x, 1, target, cancellation).Alone(0);

    // Without batches nobody waits: there are as many workers as callers.
    private RowQueue<TAnswer> Queue<TAnswer>(IRowAnswers<TAnswer> answers, NetworkOptions<TNet> options) =>
        new(answers, batches ? options.Workers : int.MaxValue, options.MaxBatchRows, options.QueueCapacity);

    private void Require(Attribution why)
    {
        if (GapTolerance is { } tolerance && why.RelativeGap is not null)
            why.RequireGap(tolerance);
    }

    /// <summary>Refuses the rows that wait, and ends when those that are being computed are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        await predictions.DisposeAsync().ConfigureAwait(false);
        await explanations.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The same, on this thread.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private sealed class Predictions(TNet net, NetworkTelemetry<TNet> telemetry) : IRowAnswers<float[]>
    {
        public float[] Alone(ReadOnlySpan<float> x, Target target, CancellationToken cancellation)
        {
            var y = new float[net.Signature.OutputSize];
            SpanExplainers.Predict<float>(net, x, y, 1, 1, cancellation);
            return y;
        }

        public void OneByOne(int rows, Exception error) => telemetry.OneByOne(rows, error);

        public float[][] Together(IReadOnlyList<WaitingRow<float[]>> rows)
        {
            var size = net.Signature.OutputSize;
            var y = new float[checked(rows.Count * size)];
            SpanExplainers.Predict<float>(net, Joined(rows, net.Signature.InputSize), y, rows.Count);
            telemetry.Batched(rows.Count);
            return [.. Enumerable.Range(0, rows.Count).Select(row => y.AsSpan(row * size, size).ToArray())];
        }
    }

    private sealed class Explanations(Question<TNet> question, NetworkTelemetry<TNet> telemetry) : IRowAnswers<Attribution>
    {
        public Attribution Alone(ReadOnlySpan<float> x, Target target, CancellationToken cancellation) =>
            question.Ask(x, 1, target, cancellation).Alone(0);

        public void OneByOne(int rows, Exception error) => telemetry.OneByOne(rows, error);

        public Attribution[] Together(IReadOnlyList<WaitingRow<Attribution>> rows)
        {
            Target[] targets = [.. rows.Select(row => row.Target)];
            // One target for all says the same as the target of each, and is found once.
            var asked = targets.All(targets[0].Equals) ? (Targets)targets[0] : Targets.PerInput(targets);
            var made = question.Ask(Joined(rows, question.InputSize), rows.Count, asked, CancellationToken.None);
            telemetry.Batched(rows.Count);
            return [.. Enumerable.Range(0, rows.Count).Select(made.Alone)];
        }
    }

    private static float[] Joined<TAnswer>(IReadOnlyList<WaitingRow<TAnswer>> rows, int size)
    {
        var joined = new float[checked(rows.Count * size)];
        for (var row = 0; row < rows.Count; row++)
            rows[row].X.CopyTo(joined, row * size);
        return joined;
    }
}
