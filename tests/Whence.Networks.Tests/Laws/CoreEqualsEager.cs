using Whence.Networks.Tests.Golden;

namespace Whence.Networks.Tests.Laws;

/// <summary>The core graph computes what Forward computes.</summary>
public sealed class CoreEqualsEager
{
    public static TheoryData<string> Names => Subject.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Of(string name) => Require(Subject.All[name]);

    internal static void Require(Subject subject)
    {
        const int Rows = 3;
        var (net, x) = (subject.Network.Interpret(), subject.Inputs(1, Rows));
        var y = Ask.Predict(net, x, Rows);
        double[] eager = [.. Enumerable.Range(0, Rows).SelectMany(r => EagerForward.Run(subject.Network.Graph, subject.Network.Tensors,
            x.AsSpan(r * net.Signature.InputSize, net.Signature.InputSize)))];
        Compare.Rows(subject.Network.Name, y, eager, Rows, 1e-12);
    }

    [Fact]
    public void EveryOperatorAndActivationIsASubject()
    {
        var without = Generator.Ops.Registry.Named.Where(op => !op.Examples.Any()).Select(op => op.Name);
        // An embedding is an input: networks with tokens are tested apart, and so are those with free parameters.
        Assert.Equal(["Zeros", "Embedding", "Parameter"], without);
        Assert.True(Subject.Activations.Count() >= 13);
        Assert.All(Subject.Activations, type => Assert.Contains(type.Name, Subject.All.Keys));
    }
}
