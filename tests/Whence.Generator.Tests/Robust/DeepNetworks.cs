using System.Text;

namespace Whence.Generator.Tests.Robust;

/// <summary>A deep network takes time as its depth, and no deep stack.</summary>
[Collection("Timed")]
public class DeepNetworks
{
    // An editor's thread has a megabyte, and much of it is taken where a generator is called.
    private const int SmallStack = 384 * 1024;

    [Fact]
    public void ALongChainTakesNoDeepStack() =>
        OnSmallStack(() => Assert.Null(Reading.Of(Chain(1000, "x = Relu(Fc{0}(x) * 2 - x);")).Failure));

    [Fact]
    public void AScanBehindALongChainTakesNoDeepStack() =>
        OnSmallStack(() => Assert.Null(Reading.Of(Chain(600, "x = Tanh(Fc{0}(x));", after: """
        var h = Zeros(8);
        var u = x;
        foreach (var s in Reshape(first, 2, 4)) h = Tanh(h + Concat(s, s) * u);
        x = h;
        """)).Failure));

    [Fact]
    public void NestedParenthesesAreRefusedOrRead() =>
        OnSmallStack(() => Assert.Null(Reading.Of(Chain(1, $"x = {new string('(', 300)}Fc{{0}}(x){new string(')', 300)};")).Failure));

    [Fact]
    public void AChainOfSubNetworksIsTooDeepAndNoRecursion()
    {
        var text = new StringBuilder(Source.Usings)
            .AppendLine("[Network] public partial class S300 { public Tensor Forward(Tensor x) => Relu(x); }");
        for (var i = 0; i < 300; i++)
            text.AppendLine($"[Network] public partial class S{i} {{ private readonly S{i + 1} next = new(); public Tensor "
                + $"Forward({(i == 0 ? "[Shape(4)] " : "")}Tensor x) => next.Forward(x); }}");
        var reading = Reading.Of(text.ToString());
        Assert.Null(reading.Failure);
        Assert.All(reading.Found, one => Assert.Equal("WH101", one.Id));
        Assert.All(reading.Found, one => Assert.Contains("nested more than 64 deep", one.GetMessage(), StringComparison.Ordinal));
        Assert.Equal(300 - 64, reading.Found.Count);
    }

    [Fact]
    [Trait("Long", "mutations")]
    public void TwiceTheLayersTakeTwiceTheTime()
    {
        const string layer = "x = Relu(Fc{0}(x));";
        Reading.Of(Chain(500, layer));
        // The quickest of several: what else the machine does only makes it slower.
        var (half, whole) = (Quickest(Chain(1000, layer)), Quickest(Chain(2000, layer)));
        Assert.True(whole < 3.2 * half, $"1,000 layers took {half:F2} s, 2,000 took {whole:F2} s");

        static double Quickest(string text) => Enumerable.Range(0, 4).Min(_ => Reading.Of(text).Slowest);
    }

    private static void OnSmallStack(Action read)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                read();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }, SmallStack);
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }

    private static string Chain(int layers, string layer, string after = "")
    {
        var text = new StringBuilder(Source.Usings).AppendLine(
            "[Network(Explain = Methods.Gradient | Methods.Rescale | Methods.GuidedBackprop)] public sealed partial class Net {");
        for (var i = 0; i < layers; i++)
            text.AppendLine($"[Linear(8)] private partial Tensor Fc{i}(Tensor x);");
        text.AppendLine("public Tensor Forward([Shape(8)] Tensor first) { var x = first;");
        for (var i = 0; i < layers; i++)
            text.AppendLine(layer.Replace("{0}", $"{i}", StringComparison.Ordinal));
        return text.AppendLine($"{after} return x; }} }}").ToString();
    }
}

/// <summary>Tests that measure time run one after the other.</summary>
[CollectionDefinition("Timed", DisableParallelization = true)]
public class Timed;
