using System.Reflection;
using Whence.Generator.Ops;
using Whence.Generator.Plan;

namespace Whence.Networks.Tests.Derive;

/// <summary>What a planner and a derivation must know of every core operator, before a network has one that they do not.</summary>
public sealed class CoreOperators
{
    private static readonly Assembly generator = typeof(Registry).Assembly;

    /// <summary>Every class of core operators, and the inputs, which are no class of theirs but stand among them.</summary>
    public static TheoryData<string> All =>
        [.. generator.GetTypes()
            .Where(type => !type.IsAbstract && (type.IsSubclassOf(typeof(CoreOp)) || typeof(Input).IsAssignableFrom(type)))
            .Select(type => type.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void EachIsCarriedOut(string name) => Assert.NotNull(Lowerings.Find(Instance(name)));

    /// <summary>What stands in a table and is no operator would never be found.</summary>
    [Fact]
    public void TheTableHasNoOther() => Assert.Equal(All.Count, Lowerings.Count);

    /// <summary>
    /// A forward pass is made of families that methods have rules for; what is of none is a leaf, or only derivation makes it.
    /// </summary>
    [Theory]
    [MemberData(nameof(All))]
    public void EachBelongsToAFamily(string name) => Assert.True(Instance(name) is LinearOp or ElementwiseOp or BilinearOp or ChoiceOp
        or DerivedOp or Input or Constant or LogSumExpAxis or LogSoftmaxAxis or SoftmaxUnit or Carried or Next or Final, name);

    private static Op Instance(string name) =>
        (Op)Activator.CreateInstance(generator.GetType($"Whence.Generator.Ops.{name}", throwOnError: true)!)!;
}
