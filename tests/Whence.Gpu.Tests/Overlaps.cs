namespace Whence.Gpu.Tests;

/// <summary>What goes up and comes down beside computation, through memory that is locked: the bits of one after the other.</summary>
public class Overlaps
{
    private const int Count = 1003;

    private static readonly float[] X = Table.Rows(Count, 21);

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void HaveTheBitsOfOneAfterTheOther(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        gpu.Overlaps = false;
        var expected = Predict(on, Count);
        Overlap(gpu);
        foreach (var count in new[] { Count, 2, 17, 8 })
        {
            var before = gpu.Traffic.Uploads;
            Assert.Equal(expected[..(count * 3)], Predict(on, count));
            Assert.InRange(gpu.Traffic.Uploads - before, 2, 9);
        }
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void WhatDoesNotFitIsCut(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        var expected = Predict(on, Count);
        Overlap(gpu);
        // Blocks are of 256 KiB at least.
        gpu.LaneMemory = 1 << 18;
        gpu.Lanes.Clear();
        Assert.Equal(expected, Predict(on, Count));
    }

    /// <summary>Amid copies, after which all is as before.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AFailureIsToldAndLeavesNothingUnderWay(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        var expected = Predict(on, Count);
        Overlap(gpu);
        for (var failing = 0; failing < 12; failing++)
        {
            var launch = 0;
            gpu.Launching = () => _ = launch++ == failing ? throw new InvalidOperationException("a driver's word") : 0;
            Assert.Throws<InvalidOperationException>(() => Predict(on, Count));
            gpu.Launching = null;
            Assert.Equal(expected, Predict(on, Count));
        }
    }

    /// <summary>Inputs and scores of a question: as many bytes as one after the other, in more copies.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void OfQuestionsHaveTheBitsOfOneAfterTheOther(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        gpu.Overlaps = false;
        var asked = Some(device);
        var apart = asked.ConvertAll(ask => Counted(gpu, () => ask(on, Several)));
        Overlap(gpu);
        // Of few rows in a chunk, so that one comes down while the next one is asked about.
        foreach (var most in new[] { gpu.MostRows, 7 })
        {
            gpu.MostRows = most;
            foreach (var (ask, one) in asked.Zip(apart))
            {
                var found = Counted(gpu, () => ask(on, Several));
                Assert.Equal(one.Scores, found.Scores);
                Assert.True(found.Up > one.Up + 4, $"{found.Up} copies to the device, {one.Up} one after the other");
                Assert.True(found.Down > one.Down + 4, $"{found.Down} copies from the device, {one.Down} one after the other");
            }
        }
    }

    /// <summary>Half the inputs of a window, and in the end no copy beside another.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void QuestionsThatDoNotFitAreCut(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        gpu.Overlaps = false;
        var asked = Some(device);
        var expected = asked.ConvertAll(ask => ask(on, Count));
        Overlap(gpu);
        foreach (var bytes in new[] { 1 << 18, 1 << 19 })
        {
            gpu.LaneMemory = bytes;
            gpu.Lanes.Clear();
            Assert.Equal(expected, asked.ConvertAll(ask => ask(on, Count)));
        }
    }

    /// <summary>Whenever a launch fails, for want of memory, after which it goes on, or else.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void QuestionsThatEndEarlyLeaveNothingUnderWay(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        Overlap(gpu);
        gpu.MostRows = 7;
        foreach (var ask in Some(device))
        {
            var expected = ask(on, Several);
            foreach (var failing in StepsAgree.IsSlow(device) ? [9] : new[] { 0, 5, 9, 14, 23 })
            {
                var launch = 0;
                gpu.Launching = () => _ = launch++ == failing ? throw new OutOfDeviceMemoryException(gpu, 1) : 0;
                Assert.Equal(expected, ask(on, Several));
                launch = 0;
                gpu.Launching = () => _ = launch++ == failing ? throw new InvalidOperationException("a driver's word") : 0;
                Assert.Throws<InvalidOperationException>(() => ask(on, Several));
                gpu.Launching = null;
                Assert.Equal(expected, ask(on, Several));
            }
        }
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void CancelledOrDisposedOfAmidAQuestionTheySaySo(string device)
    {
        using var gpu = Devices.Beside(device);
        var on = Table.On(Table.Host(), gpu);
        Overlap(gpu);
        gpu.MostRows = 7;
        var count = StepsAgree.IsSlow(device) ? 9 : Several;
        var expected = Paths(on, count);
        for (var after = 1; after < 4; after++)
        {
            using var source = new CancellationTokenSource();
            var told = 0;
            Assert.ThrowsAny<OperationCanceledException>(() => Paths(on, count, new()
            {
                Steps = 50, Cancellation = source.Token, Progress = new Told(() => { if (++told == after) source.Cancel(); }),
            }));
            Assert.Equal(after, told);
            Assert.Equal(expected, Paths(on, count));
        }
        Assert.Throws<ObjectDisposedException>(() => Paths(on, count, new() { Steps = 50, Progress = new Told(gpu.Dispose) }));
    }

    /// <summary>Chunks follow from the memory that is free, not from all that there is.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ChunksAreOfWhatIsFree(string device)
    {
        using var gpu = Devices.Beside(device);
        const int row = 1000;
        var most = gpu.ChunkRows(row);
        gpu.FreeMemory = 100 * 8 * row * sizeof(float);
        Assert.Equal(Math.Min(most, 100), gpu.ChunkRows(row));
        gpu.FreeMemory = 0;
        Assert.Equal(1, gpu.ChunkRows(row));
        // What the call has itself it may use again.
        var lane = gpu.Lanes.Rent();
        try
        {
            lane.Take(40 * 8 * row);
            Assert.Equal(Math.Min(most, 40), gpu.ChunkRows(row));
            gpu.FreeMemory = long.MaxValue;
            Assert.Equal(most, gpu.ChunkRows(row));
        }
        finally
        {
            gpu.Lanes.Return(lane);
        }
    }

    private const int Several = 43;

    private static readonly float[] Other = Table.Rows(Count, 22);

    // Of paths, of rows, of parts, and of changed inputs, whose targets come down as they are asked about.
    private static readonly List<Func<INetwork, int, float[]>> Asked =
    [
        (on, count) => Paths(on, count),
        (on, count) => Ask(count, Table.Inputs, (x, scores) =>
            SpanExplainers.Gradient<float>(on, x, count, Target.Unit(1), scores)),
        (on, count) => Ask(count, Table.Inputs, (x, scores) => SpanExplainers.DeepLift<float>(on, x, count, Target.Unit(0),
            Rule.RevealCancel, References.PerInput(Other.AsSpan(0, x.Length)), scores)),
        (on, count) => Ask(count, 16, (x, scores) => SpanExplainers.Conductance<float>(on, "Hidden", x, count, Target.Unit(2),
            References.PerInput(Other.AsSpan(0, x.Length)), scores, new() { Steps = 3 })),
    ];

    // A group for each path is slow where each of its threads is one of the host's.
    private static List<Func<INetwork, int, float[]>> Some(string device) => StepsAgree.IsSlow(device) ? Asked[1..3] : Asked;

    private static float[] Paths(INetwork on, int count, PathOptions? options = null) => Ask(count, Table.Inputs, (x, scores) =>
        SpanExplainers.IntegratedGradients<float>(on, x, count, Target.Unit(1), References.PerInput(Other.AsSpan(0, x.Length)),
            scores, options ?? new() { Steps = 5 }));

    private delegate void Question(ReadOnlySpan<float> x, Span<float> scores);

    private static float[] Ask(int count, int size, Question question)
    {
        var scores = new float[count * size];
        question(X.AsSpan(0, count * Table.Inputs), scores);
        return scores;
    }

    private static (float[] Scores, long Up, long Down) Counted(GpuDevice gpu, Func<float[]> ask)
    {
        var (up, down) = (gpu.Traffic.Uploads, gpu.Traffic.Downloads);
        var scores = ask();
        return (scores, gpu.Traffic.Uploads - up, gpu.Traffic.Downloads - down);
    }

    private sealed class Told(Action tell) : IProgress<double>
    {
        public void Report(double value) => tell();
    }

    private static void Overlap(GpuDevice gpu) => (gpu.Overlaps, gpu.LeastCopy) = (true, 1);

    private static float[] Predict(INetwork on, int count)
    {
        var outputs = new float[count * 3];
        SpanExplainers.Predict((IModel<float>)on, X.AsSpan(0, count * Table.Inputs), outputs, count);
        return outputs;
    }
}
