using Microsoft.Extensions.DependencyInjection;

namespace Whence.Extensions.Tests;

/// <summary>Answers of a service beside those of the network itself.</summary>
public sealed class ServiceTests
{
    private static readonly float[] references = [.. Services.Row(-1), .. Services.Row(-2), .. Services.Row(-3)];

    private static readonly TableNet net = TableNet.Load(Weights.Random(5));

    public static TheoryData<Methods> Served =>
        [Methods.Rescale, Methods.RevealCancel, Methods.Genomics, Methods.IntegratedGradients, Methods.Gradient];

    private static Attribution Alone(Methods method, float[] x, Target target) => method switch
    {
        Methods.Rescale => net.DeepLift(x, target, Rule.Rescale, References.Several(references, 3)),
        Methods.RevealCancel => net.DeepLift(x, target, Rule.RevealCancel, References.Several(references, 3)),
        Methods.Genomics => net.DeepLift(x, target, Rule.Genomics, References.Several(references, 3)),
        Methods.IntegratedGradients => net.IntegratedGradients(x, target, References.Several(references, 3)),
        _ => net.Gradient(x, target),
    };

    private static void Configure(NetworkOptions<TableNet> options, Methods method, int batch) =>
        (options.Method, options.Reference, options.MaxBatchRows, options.Workers, options.GapTolerance) =
            (method, references, batch, 2, null);

    [Theory]
    [MemberData(nameof(Served))]
    public async Task AThousandRowsAtOnceHaveTheBitsOfOneAtATime(Methods method)
    {
        await using var services = Services.Of(TableNet.Load, options => Configure(options, method, batch: 32));
        var service = services.Table();
        var rows = Enumerable.Range(0, 1000).Select(seed => Services.Row(seed)).ToArray();
        var together = await Task.WhenAll(rows.Select((row, i) =>
            Task.Run(async () => await service.ExplainAsync(row, Target.Unit(i % 3)))));
        for (var i = 0; i < rows.Length; i++)
        {
            var alone = Alone(method, rows[i], Target.Unit(i % 3));
            Assert.Equal(alone.ToJson(), together[i].ToJson());
            Assert.True(alone.Scores.SequenceEqual(together[i].Scores));
            Assert.Equal(alone.References.ToArray().Length == 0, together[i].References.Length == 0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public async Task AThousandPredictionsAtOnceHaveTheBitsOfOneAtATime(int batch)
    {
        await using var services = Services.Of(TableNet.Load, options => Configure(options, Methods.None, batch));
        var service = services.Table();
        var rows = Enumerable.Range(0, 1000).Select(seed => Services.Row(seed)).ToArray();
        var together = await Task.WhenAll(rows.Select(row => Task.Run(async () => await service.PredictAsync(row))));
        Assert.Equal(rows.Select(row => net.Predict(row)), together);
    }

    [Fact]
    public async Task ARowWhoseAnswerIsNotFiniteGetsItsOwnErrorAndTheOthersTheirAnswers()
    {
        var alone = LogNet.Load(Weights.Random(5));
        await using var services = Services.Of(LogNet.Load, options =>
            (options.Method, options.Reference, options.MaxBatchRows, options.Workers) = (Methods.Rescale, [1, 1, 1], 50, 1));
        var service = services.GetRequiredService<NetworkService<LogNet>>();
        float[] RowOf(int i) => i % 10 == 7 ? [1, 0, 1] : [1 + i, 2, 3];

        var asked = Enumerable.Range(0, 500).Select(i => Task.Run(async () => await service.ExplainAsync(RowOf(i), Target.Unit(1))))
            .ToArray();
        var error = Assert.Throws<NonFiniteException>(() =>
            alone.DeepLift([1, 0, 1], Target.Unit(1), Rule.Rescale, References.One([1, 1, 1])));
        for (var i = 0; i < asked.Length; i++)
        {
            if (i % 10 == 7)
                Assert.Equal(error.Message, (await Assert.ThrowsAsync<NonFiniteException>(() => asked[i])).Message);
            else
                Assert.Equal(alone.DeepLift(RowOf(i), Target.Unit(1), Rule.Rescale, References.One([1, 1, 1])).ToJson(),
                    (await asked[i]).ToJson());
        }
    }

    [Fact]
    public async Task ATargetThatThereIsNotIsOneCallersError()
    {
        await using var services = Services.Of(TableNet.Load, options => Configure(options, Methods.Rescale, batch: 20));
        var service = services.Table();
        var asked = Enumerable.Range(0, 200).Select(i =>
            Task.Run(async () => await service.ExplainAsync(Services.Row(i), Target.Unit(i % 4)))).ToArray();
        for (var i = 0; i < asked.Length; i++)
        {
            if (i % 4 == 3)
                Assert.Contains("unit 3", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => asked[i])).Message);
            else
                Assert.Equal(Alone(Methods.Rescale, Services.Row(i), Target.Unit(i % 4)).ToJson(), (await asked[i]).ToJson());
        }
    }

    [Fact]
    public async Task RowsOfAnotherLengthOrNotFiniteAreRefusedBeforeTheyWait()
    {
        await using var services = Services.Of(TableNet.Load, options => Configure(options, Methods.Rescale, batch: 8));
        var service = services.Table();
        await Assert.ThrowsAsync<ArgumentException>(async () => await service.PredictAsync(new float[3]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await service.ExplainAsync(new float[8], Target.Unit(0)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await service.ExplainAsync(new[] { 1, float.NaN, 1, 1 }, Target.Unit(0)));
    }

    [Fact]
    public async Task ReasonsThatMissMoreThanIsAllowedAreNotTold()
    {
        await using var services = Services.Of(TableNet.Load, options =>
            (options.Method, options.Explain, options.GapTolerance) =
                (Methods.IntegratedGradients, new PathOptions { Steps = 1, Quadrature = Quadrature.Left }, 1e-9));
        var service = services.Table();
        var error = await Assert.ThrowsAsync<CompletenessException>(async () =>
            await service.ExplainAsync(Services.Row(1), Target.Unit(0)));
        Assert.True(error.Completeness.RelativeGap > 1e-9);
    }

    [Fact]
    public async Task AMethodOfOnesOwnIsServedToo()
    {
        await using var services = Services.Of(TableNet.Load, options =>
        {
            Configure(options, Methods.None, batch: 8);
            options.ExplainBy = (network, x, count, targets, against, how) =>
                network.GradientTimesInput(x, count, targets, against, how);
        });
        var service = services.Table();
        var asked = await Task.WhenAll(Enumerable.Range(0, 100).Select(seed =>
            Task.Run(async () => await service.ExplainAsync(Services.Row(seed), Target.Unit(2)))));
        for (var i = 0; i < asked.Length; i++)
        {
            Assert.Equal(net.GradientTimesInput(Services.Row(i), Target.Unit(2), References.Several(references, 3)).ToJson(),
                asked[i].ToJson());
        }
    }

    [Fact]
    public async Task WithoutAMethodNothingIsExplained()
    {
        await using var services = Services.Of(TableNet.Load, _ => { });
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await services.Table().ExplainAsync(Services.Row(1), Target.Unit(0)));
        Assert.Contains("set Method or ExplainBy", error.Message);
        Assert.Equal(3, (await services.Table().PredictAsync(Services.Row(1))).Length);
    }

    [Fact]
    public async Task ACancelledCallEnds()
    {
        await using var services = Services.Of(TableNet.Load, options => Configure(options, Methods.IntegratedGradients, batch: 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await services.Table().ExplainAsync(Services.Row(1), Target.Unit(0), new CancellationToken(true)));
        using var cancel = new CancellationTokenSource();
        var path = new PathOptions { Steps = 1 << 20, Progress = new Cancelling(cancel) };
        await using var slow = Services.Of(TableNet.Load, options =>
            (options.Method, options.Explain) = (Methods.IntegratedGradients, path));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await slow.Table().ExplainAsync(Services.Row(1), Target.Unit(0), cancel.Token));
    }

    private sealed class Cancelling(CancellationTokenSource cancel) : IProgress<double>
    {
        public void Report(double value) => cancel.Cancel();
    }

    [Fact]
    public async Task AfterDisposalNothingIsAnswered()
    {
        var services = Services.Of(TableNet.Load, options => Configure(options, Methods.Rescale, batch: 4));
        var service = services.Table();
        services.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await service.PredictAsync(Services.Row(1)));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await service.ExplainAsync(Services.Row(1), Target.Unit(0)));
    }
}
