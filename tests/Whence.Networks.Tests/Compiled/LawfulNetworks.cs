using System.Reflection;
using Xunit.Sdk;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Networks of which all laws must be true. A test class that derives from this has a static property Names of them.</summary>
public abstract class LawfulNetworks
{
    /// <summary>Single precision against double.</summary>
    private protected virtual double Tolerance(string name) => Laws.Tolerance;

    /// <summary>The error of backward passes, which may magnify rounding.</summary>
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
    [Trait("Long", "laws")]
    public void RowsAreIndependent(string name) => Laws.RowsAreIndependent(Load(name));

    [Theory]
    [EachName]
    public void DeepLiftIsComplete(string name)
    {
        var net = Load(name);
        var passes = net.Signature.Passes.Where(pass => pass is Pass.Rescale or Pass.RevealCancel or Pass.Genomics).ToList();
        Assert.NotEmpty(passes);
        foreach (var pass in passes)
            Laws.ContributionsAreComplete(net, pass, Tolerance(name));
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
