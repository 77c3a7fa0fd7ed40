using System.Reflection;
using Xunit.Sdk;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Networks of which all laws must be true. A test class that derives from this has a static property Names of them.</summary>
public abstract class LawfulNetworks
{
    /// <summary>Single precision against double.</summary>
    private protected virtual double Tolerance(string name) => Laws.Tolerance;

    /// <summary>The error of walks, which may magnify rounding.</summary>
    private protected virtual double WalkTolerance(string name) => Tolerance(name);

    /// <summary>The network's three forms.</summary>
    private protected abstract Trio Load(string name);

    [Theory]
    [EachName]
    public void TheCompiledForwardPassIsForward(string name) => Laws.ForwardIsForward(Load(name), Tolerance(name));

    [Theory]
    [EachName]
    public void EveryWalkGivesTheInterpretersNumbers(string name) => Laws.WalksAreTheInterpreters(Load(name), WalkTolerance(name));

    [Theory]
    [EachName]
    public void RowsAreIndependent(string name) => Laws.RowsAreIndependent(Load(name));

    [Theory]
    [EachName]
    public void DeepLiftIsComplete(string name)
    {
        var net = Load(name);
        var flows = net.Signature.Flows.Where(flow => flow is Flow.Rescale or Flow.RevealCancel or Flow.Genomics).ToList();
        Assert.NotEmpty(flows);
        foreach (var flow in flows)
            Laws.ContributionsAreComplete(net, flow, Tolerance(name));
    }

    /// <summary>The Names of the class that is run, not of the one that declares the test.</summary>
    [DataDiscoverer("Xunit.Sdk.DataDiscoverer", "xunit.core")]
    private sealed class EachNameAttribute : DataAttribute
    {
        public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
            (IEnumerable<object[]>)testMethod.ReflectedType!
                .GetProperty("Names", BindingFlags.Public | BindingFlags.Static)!
                .GetValue(null)!;
    }
}
