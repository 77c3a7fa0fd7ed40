using System.Globalization;
using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>
/// An elementwise function: the full C# name of its struct ("global::Whence.Ops.Relu"), the constants its constructor takes, and
/// whether it knows its own secant.
/// </summary>
internal sealed record Function(string Type, EquatableArray<double> Arguments, bool HasSecant)
{
    /// <summary>What the struct's own attribute says of it.</summary>
    public FunctionTraits Traits { get; init; }

    /// <summary>The struct as it is declared, word by word, where it is the user's own; empty of the runtime's.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether it is linear but for kinks, and knows them.</summary>
    public bool IsPiecewiseLinear { get; init; }

    /// <summary>
    /// Whether it has no value on part of the line. The parts of a difference, one without the other, can lead there; only the whole does
    /// not. A power of a whole number has one everywhere.
    /// </summary>
    public bool IsPartial => Traits.HasFlag(FunctionTraits.Partial) && !(Type == "global::Whence.Ops.Pow" && IsWhole(Arguments[0]));

    /// <summary>Whether it is arithmetic rather than an activation, which is what guided backprop and DeconvNet have rules for.</summary>
    public bool IsArithmetic => Traits.HasFlag(FunctionTraits.Arithmetic);

    /// <summary>Whether its slope can be read off its value, so that its argument need not be kept.</summary>
    public bool HasSlopeFromValue => Traits.HasFlag(FunctionTraits.SlopeFromValue);

    /// <summary>Whether to compute it again costs less than to keep it and read it.</summary>
    public bool IsCheap => Traits.HasFlag(FunctionTraits.Cheap);

    /// <summary>Whether its slope is finite wherever its value is.</summary>
    public bool HasFiniteSlope => Traits.HasFlag(FunctionTraits.FiniteSlope);

    /// <summary>Whether its values lie within bounds, also those of infinity.</summary>
    public bool IsBounded => Traits.HasFlag(FunctionTraits.Bounded)
        || Type == "global::Whence.Ops.Clamp" && Arguments.All(bound => Math.Abs(bound) <= float.MaxValue);

    /// <summary>Whether none of its values is below 0.</summary>
    public bool IsNotNegative => Traits.HasFlag(FunctionTraits.NotNegative);

    /// <summary>The struct's own name.</summary>
    public string Name => Type.Substring(Type.LastIndexOfAny(['.', ':']) + 1);

    /// <summary>How a formula calls it: its name, and its constants where it has any.</summary>
    public string Call => Arguments.Count == 0
        ? Name
        : $"{Name}<{string.Join(", ", Arguments.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}>";

    private static bool IsWhole(double exponent) => exponent >= 0 && exponent == Math.Truncate(exponent);
}

/// <summary>The properties of the runtime's ElementwiseTraitsAttribute, by their names.</summary>
[Flags]
internal enum FunctionTraits
{
    None = 0,
    Arithmetic = 1,
    Partial = 2,
    SlopeFromValue = 4,
    Cheap = 8,
    FiniteSlope = 16,
    Bounded = 32,
    NotNegative = 64,
}

/// <summary>The runtime's functions that operators are made of. A test holds them to their structs.</summary>
internal static class Functions
{
    public static readonly Function Exp = Of("Exp", FunctionTraits.FiniteSlope | FunctionTraits.NotNegative);
    public static readonly Function Sigmoid =
        Of("Sigmoid", FunctionTraits.FiniteSlope | FunctionTraits.Bounded | FunctionTraits.NotNegative);
    public static readonly Function Tanh = Of("Tanh", FunctionTraits.FiniteSlope | FunctionTraits.Bounded);
    public static readonly Function Square =
        Of("Square", FunctionTraits.Arithmetic | FunctionTraits.FiniteSlope | FunctionTraits.NotNegative);
    public static readonly Function Reciprocal = Of("Reciprocal", FunctionTraits.Arithmetic | FunctionTraits.Partial);
    public static readonly Function ReciprocalSqrt = Of("ReciprocalSqrt", FunctionTraits.Arithmetic | FunctionTraits.Partial);

    /// <summary>x to a constant power.</summary>
    public static Function Pow(double exponent) => Of("Pow", FunctionTraits.Arithmetic | FunctionTraits.Partial, exponent);

    /// <summary>x within bounds.</summary>
    public static Function Clamp(double low, double high) =>
        Of("Clamp", FunctionTraits.FiniteSlope, low, high) with { IsPiecewiseLinear = true };

    private static Function Of(string name, FunctionTraits traits, params double[] arguments) =>
        new($"global::Whence.Ops.{name}", arguments.ToEquatable(), true) { Traits = traits };
}
