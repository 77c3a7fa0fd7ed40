using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Whence.Extensions;

/// <summary>The names under which services by networks are traced and measured.</summary>
public static class NetworkTelemetry
{
    /// <summary>The name of the ActivitySource and of the Meter.</summary>
    public const string Name = "Whence";

    internal static readonly ActivitySource Source = new(Name);
}

/// <summary>What a network's service tells the world: an activity a question, and numbers.</summary>
internal sealed class NetworkTelemetry<TNet> where TNet : class, INetwork
{
    private static readonly KeyValuePair<string, object?> network = new("network", typeof(TNet).Name);

    private readonly ILogger logger;
    private readonly Meter meter;
    private readonly Counter<long> rows;
    private readonly Counter<long> nonFinite;
    private readonly Histogram<double> duration;
    private readonly Histogram<double> gap;
    private readonly Histogram<int> batch;

    public NetworkTelemetry(IMeterFactory meters, ILogger<NetworkService<TNet>> logger)
    {
        this.logger = logger;
        meter = meters.Create(NetworkTelemetry.Name);
        rows = meter.CreateCounter<long>("whence.rows", "{row}", "Rows that were asked about, by outcome.");
        nonFinite = meter.CreateCounter<long>("whence.non_finite", "{row}", "Rows whose answer rests on a value that is not finite.");
        duration = meter.CreateHistogram("whence.duration", "ms", "From a question to its answer, the wait included.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000] });
        gap = meter.CreateHistogram("whence.gap", "1", "Relative gaps: by how much scores fail to add up.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1] });
        batch = meter.CreateHistogram("whence.batch.rows", "{row}", "Rows that were computed together.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });
    }

    /// <summary>Measures how many rows wait.</summary>
    public void Observe(Func<int> waiting) =>
        meter.CreateObservableUpDownCounter("whence.waiting", () => new Measurement<int>(waiting(), network), "{row}", "Rows that wait.");

    public void Loaded(string method, NetworkOptions<TNet> options, TimeSpan took) =>
        Log.Loaded(logger, typeof(TNet).Name, options.WeightsPath ?? "weights from elsewhere than a file", method,
            took.TotalMilliseconds);

    public void OneByOne(int count, Exception error) => Log.OneByOne(logger, typeof(TNet).Name, count, error.Message);

    public void Batched(int count) => batch.Record(count, network);

    public async ValueTask<float[]> Predict(Func<ValueTask<float[]>> ask) =>
        await Ask("predict", null, null, ask, null).ConfigureAwait(false);

    public async ValueTask<Attribution> Explain(string method, Target target, Func<ValueTask<Attribution>> ask,
        Action<Attribution> require) => await Ask("explain", method, target, ask, (activity, why) =>
        {
            if (why.RelativeGap is { } found)
            {
                gap.Record(found, network, new("method", why.Method));
                activity?.SetTag("whence.gap", found);
            }
            activity?.SetTag("whence.output", why.Output);
            require(why);
        }).ConfigureAwait(false);

    private async ValueTask<TAnswer> Ask<TAnswer>(string question, string? method, Target? target, Func<ValueTask<TAnswer>> ask,
        Action<Activity?, TAnswer>? look)
    {
        using var activity = NetworkTelemetry.Source.StartActivity($"{question} {typeof(TNet).Name}");
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("whence.network", typeof(TNet).Name);
            activity.SetTag("whence.method", method);
            activity.SetTag("whence.target", target?.ToString());
        }
        var start = Stopwatch.GetTimestamp();
        var outcome = "error";
        try
        {
            var answer = await ask().ConfigureAwait(false);
            look?.Invoke(activity, answer);
            outcome = "ok";
            return answer;
        }
        catch (Exception error)
        {
            outcome = Outcome(error);
            Tell(outcome, error);
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }
        finally
        {
            Count(question, outcome, Stopwatch.GetElapsedTime(start));
        }
    }

    private void Count(string question, string outcome, TimeSpan took)
    {
        KeyValuePair<string, object?> asked = new("question", question);
        rows.Add(1, network, asked, new("outcome", outcome));
        duration.Record(took.TotalMilliseconds, network, asked);
        if (outcome == NonFinite)
            nonFinite.Add(1, network, asked);
    }

    private const string NonFinite = "non_finite";

    private static string Outcome(Exception error) => error switch
    {
        NonFiniteException => NonFinite,
        CompletenessException => "incomplete",
        NetworkBusyException => "busy",
        OperationCanceledException => "cancelled",
        _ => "error",
    };

    // Messages name operators, elements and gaps. Of a row they hold no more than the one value that cannot be computed with.
    private void Tell(string outcome, Exception error)
    {
        if (outcome is NonFinite or "incomplete")
            Log.NotTold(logger, typeof(TNet).Name, error.Message);
        else if (outcome == "busy")
            Log.Busy(logger, typeof(TNet).Name);
    }
}
