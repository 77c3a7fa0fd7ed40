using System.Reflection;
using Whence.Generator.Graphs;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Compiled;

/// <summary>What a function's struct says of it, the runtime's and a user's own.</summary>
public sealed class UsersFunctions
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        public static class Mine
        {
            [ElementwiseTraits(Cheap = true)]
            public readonly struct Leaky(double slope) : ISecant
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => new Ops.LeakyRelu(slope).Value<V, M>(x);
                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => new Ops.LeakyRelu(slope).Slope<V, M>(x, y);
                public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V> => new Ops.LeakyRelu(slope).Secant<V, M>(x, x0, y, y0);
            }

            [ElementwiseTraits(SlopeFromValue = true)]
            public readonly struct Hinge : IElementwise
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => M.Max(x, M.Constant(0));
                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.IfPositive(x, M.Constant(1), M.Constant(0));
            }

            public readonly struct Cube : IElementwise
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(x, M.Multiply(x, x));
                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Multiply(M.Constant(3), M.Multiply(x, x));
            }

            [ElementwiseTraits(Arithmetic = true)]
            public readonly struct Cubed : IElementwise
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(x, M.Multiply(x, x));
                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Multiply(M.Constant(3), M.Multiply(x, x));
            }

            [Elementwise<Leaky>] public static Tensor Leak(Tensor x, double slope) => x.Map(new Leaky(slope));
            [Elementwise<Hinge>] public static Tensor Fold(Tensor x) => x.Map<Hinge>();
            [Elementwise<Cube>] public static Tensor Bend(Tensor x) => x.Map<Cube>();
            [Elementwise<Cubed>] public static Tensor Power(Tensor x) => x.Map<Cubed>();
        }

        [Network(Explain = Methods.Rescale)]
        public sealed partial class Ours
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Sum(LeakyRelu(Fc(x), 0.2), 0);
        }

        [Network(Explain = Methods.Rescale)]
        public sealed partial class Theirs
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Sum(Mine.Leak(Fc(x), 0.2), 0);
        }

        [Network(Explain = Methods.Gradient | Methods.GuidedBackprop)]
        public sealed partial class Both
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(3)] Tensor x) => Mine.Fold(Fc(x)) + Mine.Bend(Fc(x)) + Mine.Power(Fc(x));
        }
        """));

    [Fact]
    public void TheFunctionsThatOperatorsAreMadeOfAreAsTheirStructsSay()
    {
        var made = typeof(Functions).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (Function)field.GetValue(null)!)
            .Append(Functions.Pow(0.5)).Append(Functions.Clamp(0, 1)).ToList();
        Assert.True(made.Count > 6);
        foreach (var function in made)
        {
            var type = typeof(Whence.Ops).GetNestedType(function.Name)!;
            Assert.Equal(Sketch.FunctionOf(type, [.. function.Arguments]), function);
        }
    }

    [Fact]
    public void EveryTraitOfTheAttributeIsKnownToTheCompiler() => Assert.Equal(
        typeof(ElementwiseTraitsAttribute).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(property => property.Name).Order(),
        Enum.GetNames<FunctionTraits>().Except([nameof(FunctionTraits.None)]).Order());

    [Fact]
    public void ACheapFunctionOfTheUsersIsComputedAgainAsOursIs()
    {
        Assert.Contains("Leaky<0.2>[x0, x]", Text("Theirs.Rescale"), StringComparison.Ordinal);
        var (ours, theirs) =
            (Text("Ours.Rescale"), Text("Theirs.Rescale").Replace("Mine.Leaky", "Ops.LeakyRelu", StringComparison.Ordinal));
        Assert.Equal(Kept(ours), Kept(theirs));
        // Of the argument alone, not of the value too.
        Assert.Equal("3", Kept(theirs));
    }

    [Fact]
    public void ASlopeIsReadOffTheValueWhereTheStructSaysSo()
    {
        // In a loop with two results operands of one role are numbered.
        Assert.Matches(@"Hinge'\(y2?\)", Text("Both.Gradient"));
        Assert.Matches(@"Cube'\(x2?\)", Text("Both.Gradient"));
    }

    [Fact]
    public void GuidedBackpropLeavesArithmeticAlone()
    {
        // Of a user's own function nothing is known, not even that its slope is finite.
        Assert.Contains("m > 0 ? Steep.Times(m, Cube'(x)) : 0", Text("Both.GuidedBackprop"), StringComparison.Ordinal);
        Assert.Contains("// Steep.Times(m, Cubed'(x))", Text("Both.GuidedBackprop"), StringComparison.Ordinal);
    }

    private static string Text(string file) => networks.Value.Files[file + ".Cpu.g.cs"];

    /// <summary>How many numbers of a reference backward passes keep.</summary>
    private static string Kept(string text) =>
        System.Text.RegularExpressions.Regex.Match(text, @"var keptRow = arguments\.ReferenceRows == 1 \? 0 : (\d+);").Groups[1].Value;
}
