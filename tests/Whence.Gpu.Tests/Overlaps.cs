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

    private static void Overlap(GpuDevice gpu) => (gpu.Overlaps, gpu.LeastCopy) = (true, 1);

    private static float[] Predict(INetwork on, int count)
    {
        var outputs = new float[count * 3];
        SpanExplainers.Predict((IModel<float>)on, X.AsSpan(0, count * Table.Inputs), outputs, count);
        return outputs;
    }
}
