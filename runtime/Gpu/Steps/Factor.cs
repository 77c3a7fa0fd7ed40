namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>What a product makes of the elements of up to four operands where it reads its first factor.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IFactor
{
    /// <summary>How many operands it has; the others' elements are 0.</summary>
    static abstract int Operands { get; }

    /// <summary>An element of the factor.</summary>
    static abstract float At(float a, float b, float c, float d);

    /// <summary>Whether there are two factors, of the same weights.</summary>
    static abstract bool IsTwice { get; }

    /// <summary>An element of the second of two.</summary>
    static abstract float Second(float a, float b, float c, float d);
}

/// <summary>The first factor of a product: operands, and what is made of them as they are read. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Factor<TFactor> where TFactor : struct, IFactor
{
    internal Factor(Operand a, Operand b = default, Operand c = default, Operand d = default) => (A, B, C, D) = (a, b, c, d);

    internal Operand A { get; }

    internal Operand B { get; }

    internal Operand C { get; }

    internal Operand D { get; }
}

/// <summary>First factors of products. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Factor
{
    /// <summary>An operand as it is.</summary>
    public static Factor<Reads1<Same>> Of(Operand a) => new(a);

    /// <summary>map(a), element by element.</summary>
    public static Factor<Reads1<F>> Of<F>(F map, Operand a) where F : struct, IMap1 => new(a);

    /// <inheritdoc cref="Of{F}(F, Operand)"/>
    public static Factor<Reads2<F>> Of<F>(F map, Operand a, Operand b) where F : struct, IMap2 => new(a, b);

    /// <inheritdoc cref="Of{F}(F, Operand)"/>
    public static Factor<Reads3<F>> Of<F>(F map, Operand a, Operand b, Operand c) where F : struct, IMap3 => new(a, b, c);

    /// <inheritdoc cref="Of{F}(F, Operand)"/>
    public static Factor<Reads4<F>> Of<F>(F map, Operand a, Operand b, Operand c, Operand d) where F : struct, IMap4 => new(a, b, c, d);

    /// <summary>Two factors, together of at most four operands, which the same weights are multiplied by.</summary>
    public static Factor<ReadsTwice<TFirst, TSecond>> Twice<TFirst, TSecond>(Factor<TFirst> first, Factor<TSecond> second)
        where TFirst : struct, IFactor where TSecond : struct, IFactor => TFirst.Operands switch
        {
            1 => new(first.A, second.A, second.B, second.C),
            2 => new(first.A, first.B, second.A, second.B),
            _ => new(first.A, first.B, first.C, second.A),
        };
}

/// <summary>A function of one operand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Reads1<F> : IFactor where F : struct, IMap1
{
    /// <inheritdoc/>
    public static int Operands => 1;

    /// <inheritdoc/>
    public static float At(float a, float b, float c, float d) => default(F).At<float, GpuMath>(a);

    /// <inheritdoc/>
    public static bool IsTwice => false;

    /// <inheritdoc/>
    public static float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>A function of two operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Reads2<F> : IFactor where F : struct, IMap2
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    public static float At(float a, float b, float c, float d) => default(F).At<float, GpuMath>(a, b);

    /// <inheritdoc/>
    public static bool IsTwice => false;

    /// <inheritdoc/>
    public static float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>A function of three operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Reads3<F> : IFactor where F : struct, IMap3
{
    /// <inheritdoc/>
    public static int Operands => 3;

    /// <inheritdoc/>
    public static float At(float a, float b, float c, float d) => default(F).At<float, GpuMath>(a, b, c);

    /// <inheritdoc/>
    public static bool IsTwice => false;

    /// <inheritdoc/>
    public static float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>A function of four operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Reads4<F> : IFactor where F : struct, IMap4
{
    /// <inheritdoc/>
    public static int Operands => 4;

    /// <inheritdoc/>
    public static float At(float a, float b, float c, float d) => default(F).At<float, GpuMath>(a, b, c, d);

    /// <inheritdoc/>
    public static bool IsTwice => false;

    /// <inheritdoc/>
    public static float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>Two factors, whose operands follow one another.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ReadsTwice<TFirst, TSecond> : IFactor where TFirst : struct, IFactor where TSecond : struct, IFactor
{
    /// <inheritdoc/>
    public static int Operands => TFirst.Operands + TSecond.Operands;

    /// <inheritdoc/>
    public static bool IsTwice => true;

    /// <inheritdoc/>
    public static float At(float a, float b, float c, float d) => TFirst.At(a, b, c, d);

    /// <inheritdoc/>
    public static float Second(float a, float b, float c, float d)
    {
        if (TFirst.Operands == 1)
            return TSecond.At(b, c, d, 0f);
        return TFirst.Operands == 2 ? TSecond.At(c, d, 0f, 0f) : TSecond.At(d, 0f, 0f, 0f);
    }
}
