using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Whence.Extensions.Tests;

/// <summary>What a service counts, times, traces and logs.</summary>
public sealed class TelemetryTests
{
    /// <summary>All that the instruments of one provider were told.</summary>
    private sealed class Readings : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly ConcurrentQueue<(string Name, double Value, string Tags)> all = [];

        public Readings(IServiceProvider services)
        {
            var meters = services.GetRequiredService<IMeterFactory>();
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == NetworkTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, meters))
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.Start();
        }

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            all.Enqueue((instrument.Name, value, string.Join(" ", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));

        public void Observe() => listener.RecordObservableInstruments();

        public double[] Of(string name, string tags) =>
            [.. all.Where(one => one.Name == name && one.Tags == tags).Select(one => one.Value)];

        public void Dispose() => listener.Dispose();
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => All.Enqueue((logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }

    [Fact]
    public async Task RowsMillisecondsAndGapsAreMeasured()
    {
        await using var services = Services.Of(TableNet.Load, options => options.Method = Methods.Rescale);
        using var readings = new Readings(services);
        var service = services.Table();
        for (var i = 0; i < 5; i++)
            await service.ExplainAsync(Services.Row(i), Target.Unit(0));
        await service.PredictAsync(Services.Row(1));
        Assert.Equal(5, readings.Of("whence.rows", "network=TableNet question=explain outcome=ok").Sum());
        Assert.Equal(1, readings.Of("whence.rows", "network=TableNet question=predict outcome=ok").Sum());
        var took = readings.Of("whence.duration", "network=TableNet question=explain");
        Assert.Equal(5, took.Length);
        Assert.All(took, one => Assert.InRange(one, 0, 60_000));
        var gaps = readings.Of("whence.gap", "network=TableNet method=DeepLift");
        Assert.Equal(5, gaps.Length);
        Assert.All(gaps, gap => Assert.InRange(gap, 0, 1e-5));
        readings.Observe();
        Assert.Equal([0], readings.Of("whence.waiting", "network=TableNet"));
    }

    [Fact]
    public async Task BatchesAreMeasured()
    {
        await using var services = Services.Of(TableNet.Load, options =>
            (options.Method, options.MaxBatchRows, options.Workers, options.GapTolerance, options.QueueCapacity) =
                (Methods.IntegratedGradients, 64, 1, null, 2000));
        using var readings = new Readings(services);
        var service = services.Table();
        var asked = 0;
        // Where nothing runs beside them each is answered before the next comes: then it is tried again.
        while (!readings.Of("whence.batch.rows", "network=TableNet").Any() && asked < 200_000)
        {
            asked += 2000;
            await Task.WhenAll(Enumerable.Range(0, 2000).Select(i =>
                Task.Run(async () => await service.ExplainAsync(Services.Row(i), Target.Unit(0)))));
        }
        var batches = readings.Of("whence.batch.rows", "network=TableNet");
        Assert.NotEmpty(batches);
        Assert.All(batches, rows => Assert.InRange(rows, 2, 64));
        Assert.Equal(asked, readings.Of("whence.rows", "network=TableNet question=explain outcome=ok").Sum());
    }

    [Fact]
    public async Task WhatIsNotFiniteIsCountedAndLoggedAndTraced()
    {
        var (lines, failed) = (new Lines(), new ConcurrentQueue<Activity>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == NetworkTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = failed.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var registered = new ServiceCollection();
        registered.AddLogging(logging => logging.AddProvider(lines).SetMinimumLevel(LogLevel.Trace));
        registered.AddNetwork(LogNet.Load, options =>
            (options.OpenWeights, options.Method, options.Reference) = (() => Weights.Random(5), Methods.Rescale, [1, 1, 1]));
        await using var services = registered.BuildServiceProvider();
        using var readings = new Readings(services);
        var service = services.GetRequiredService<NetworkService<LogNet>>();
        using var parent = new Activity("request").Start();
        await service.ExplainAsync(new float[] { 1, 2, 3 }, Target.Unit(0));
        await Assert.ThrowsAsync<NonFiniteException>(async () => await service.ExplainAsync(new float[] { 1, 0, 3 }, Target.Unit(0)));

        Assert.Equal(1, readings.Of("whence.non_finite", "network=LogNet question=explain").Sum());
        Assert.Equal(1, readings.Of("whence.rows", "network=LogNet question=explain outcome=non_finite").Sum());
        Assert.Contains(lines.All, line => line.Level == LogLevel.Information && line.Text.StartsWith("LogNet is loaded from weights",
            StringComparison.Ordinal) && line.Text.EndsWith("rows are explained by Rescale.", StringComparison.Ordinal));
        var warned = Assert.Single(lines.All, line => line.Level == LogLevel.Warning).Text;
        Assert.StartsWith("LogNet gave no answer: ", warned);
        Assert.Contains("Log", warned);
        var own = failed.Where(activity => activity.ParentId == parent.Id).ToArray();
        Assert.Equal(["explain LogNet", "explain LogNet"], own.Select(activity => activity.DisplayName));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], own.Select(activity => activity.Status));
        Assert.Equal("unit 0", own[0].GetTagItem("whence.target"));
        Assert.InRange(Assert.IsType<double>(own[0].GetTagItem("whence.gap")), 0, 1e-5);
    }
}
