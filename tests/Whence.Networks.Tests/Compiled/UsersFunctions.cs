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
            [ElementwiseTraits(Cheap = true, FiniteSlope = true)]
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

            [ElementwiseTraits(FiniteSlope = true, NotNegative = true)]
            public readonly struct Squared : IElementwise
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(x, x);
                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Multiply(M.Constant(2), x);
            }

            [Elementwise<Squared>] public static Tensor Two(Tensor x) => x.Map<Squared>();
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

        [Network(Explain = Methods.Gradient | Methods.DeepLift)]
        public sealed partial class OursWhole
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Sum(LeakyRelu(Fc(x), 0.2), 0);
        }

        [Network(Explain = Methods.Gradient | Methods.DeepLift)]
        public sealed partial class TheirsWhole
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Sum(Mine.Leak(Fc(x), 0.2), 0);
        }

        [Network(Explain = Methods.Gradient)]
        public sealed partial class OursRooted
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Sqrt(Square(Fc(x)) + 1);
        }

        [Network(Explain = Methods.Gradient)]
        public sealed partial class TheirsRooted
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Sqrt(Mine.Two(Fc(x)) + 1);
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

    [Theory]
    [InlineData("Gradient")]
    [InlineData("Rescale")]
    [InlineData("RevealCancel")]
    public void OfAFunctionWhoseStructSaysAllThatOursDoesTheSameIsWritten(string pass)
    {
        var ours = Named(Text($"OursWhole.{pass}"), "OursWhole");
        var theirs = Named(Text($"TheirsWhole.{pass}"), "TheirsWhole");
        Assert.DoesNotContain("Steep.", theirs, StringComparison.Ordinal);
        Assert.Equal(ours, theirs);
    }

    [Fact]
    public void WhatIsNotBelowZeroHasARootThatIsNotSteep()
    {
        Assert.DoesNotContain("Steep.", Text("OursRooted.Gradient"), StringComparison.Ordinal);
        Assert.DoesNotContain("Steep.", Text("TheirsRooted.Gradient"), StringComparison.Ordinal);
    }

    /// <summary>Of powers it depends on the exponent.</summary>
    [Fact]
    public void AllOfOursButRootsAndTheirLikeAreNowhereSteep() => Assert.Equal(
        ["Log", "Pow", "Reciprocal", "ReciprocalSqrt", "Sqrt"],
        typeof(Whence.Ops).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(IElementwise)))
            .Where(type => !Sketch.FunctionOf(type).HasFiniteSlope)
            .Select(type => type.Name).Order());

    // Without what tells the two networks apart: their names, the function's, and where lines and comments break for these are not equally
    // long.
    private static string Named(string text, string network) => string.Concat(text.Replace(network, "N", StringComparison.Ordinal)
        .Replace("Mine.Leaky", "Ops.LeakyRelu", StringComparison.Ordinal)
        .Replace("Mine.Leak(", "LeakyRelu(", StringComparison.Ordinal)
        .Replace("LeakyRelu", "Leaky", StringComparison.Ordinal)
        .Replace("leakyRelu", "leaky", StringComparison.Ordinal)
        .Replace("global::", "", StringComparison.Ordinal).Replace("//", "", StringComparison.Ordinal)
        .Split(null as char[], StringSplitOptions.RemoveEmptyEntries));

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
