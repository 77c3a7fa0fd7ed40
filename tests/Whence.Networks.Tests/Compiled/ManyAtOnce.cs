namespace Whence.Networks.Tests.Compiled;

/// <summary>Batches, threads and memory. Not beside other tests: what they allocate would be counted.</summary>
[CollectionDefinition(nameof(ManyAtOnce), DisableParallelization = true)]
[Collection(nameof(ManyAtOnce))]
public sealed class ManyAtOnce
{
    private static readonly string[] some = ["Inception", "Residual", "Gated", "Normed", "mnist_cnn"];

    public static TheoryData<string> Names => [.. some];

    [Theory]
    [MemberData(nameof(Names))]
    public void BatchesThreadsAndOrderChangeNoBit(string name)
    {
        var net = NetworkLaws.Load(name).Compiled;
        const int Most = 257;
        var x = Laws.Floats(Laws.Draw(21, Most * net.Signature.InputSize));
        var expected = Answers(net, x, Most, 1);
        foreach (var count in new[] { 1, 2, 11, 12, 13 })
            Assert.Equal(expected.Select(part => part[..(part.Length / Most * count)]),
                Answers(net, x[..(count * net.Signature.InputSize)], count, 1));
        Assert.Equal(expected, Answers(net, x, Most, 4));
        int[] order = [.. Enumerable.Range(0, Most).Select(i => (i * 100 + 7) % Most)];
        Assert.Equal(expected.Select(part => Permuted(part, order)), Answers(net, Permuted(x, order), Most, 1));
    }

    [Fact]
    public void ThirtyTwoThreadsShareOneNetwork()
    {
        var net = NetworkLaws.Load("Residual").Compiled;
        var x = Laws.Floats(Laws.Draw(22, 5 * net.Signature.InputSize));
        var expected = Answers(net, x, 5, 1);
        var different = 0;
        var threads = Enumerable.Range(0, 32).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 4; i++)
            {
                if (!Answers(net, x, 5, 1).Zip(expected).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
                    Interlocked.Increment(ref different);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, different);
    }

    // Integrated gradients, whose calls are long, is measured in Whence.Trials.Tests, on its own thread.
    [Theory]
    [InlineData("Gated")]
    [InlineData("Normed")]
    [InlineData("Nested")]
    [InlineData("Residual")]
    [InlineData("Inception")]
    public void SpansInAndSpansOutAllocateNothing(string name)
    {
        var net = NetworkLaws.Load(name).Compiled;
        var x = Laws.Floats(Laws.Draw(23, 5 * net.Signature.InputSize));
        var (y, scores) = (new float[5 * net.Signature.OutputSize], new float[5 * net.Signature.InputSize]);
        Assert.Equal(0, Least(() => SpanExplainers.Predict(net, x, y, 5)));
        Assert.Equal(0, Least(() => SpanExplainers.Gradient(net, x, 5, Target.Unit(0), scores)));
        Assert.Equal(0, Least(() => SpanExplainers.DeepLift<float>(net, x, 5, Target.Unit(0), Rule.Rescale, default, scores)));
        Assert.Equal(0, Least(() => SpanExplainers.DeepLift<float>(net, x, 5, Target.Unit(0), Rule.RevealCancel, default, scores)));
    }

    // What the whole process allocates meanwhile: the test host's threads do now and then, but hardly during each of many short calls.
    private static long Least(Action ask)
    {
        for (var i = 0; i < 3; i++)
            ask();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 50 && least > 0; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(true);
            ask();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }
        return least;
    }

    private static List<float[]> Answers(INetwork net, float[] x, int count, int threads)
    {
        var options = new ExplainOptions { Threads = threads };
        var y = new float[count * net.Signature.OutputSize];
        SpanExplainers.Predict(net, x, y, count, threads);
        var answers = new List<float[]> { y };
        float[] Scores()
        {
            answers.Add(new float[x.Length]);
            return answers[^1];
        }
        SpanExplainers.Gradient(net, x, count, Target.Unit(0), Scores(), options: options);
        SpanExplainers.DeepLift<float>(net, x, count, Target.Unit(0), Rule.Rescale, default, Scores(), options: options);
        SpanExplainers.DeepLift<float>(net, x, count, Target.Unit(0), Rule.RevealCancel, default, Scores(), options: options);
        return answers;
    }

    private static float[] Permuted(float[] rows, int[] order)
    {
        var size = rows.Length / order.Length;
        return [.. order.SelectMany(row => rows.Skip(row * size).Take(size))];
    }
}
