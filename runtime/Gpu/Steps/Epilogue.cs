namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>What a product makes of a number of its result and of the elements of up to five operands at the same place.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IEpilogue
{
    /// <summary>How many operands it has beside the number; the others' elements are 0.</summary>
    static abstract int Operands { get; }

    /// <summary>Whether the first operand is a vector whose product with weights stands there.</summary>
    static abstract bool HasHead { get; }

    /// <summary>An element of the result.</summary>
    static abstract float At(float sum, float a, float b, float c, float d, float e);
}

/// <summary>What is made of a product's numbers before they are written: operands, and a function. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Epilogue<TEpilogue> where TEpilogue : struct, IEpilogue
{
    internal Epilogue(Operand a, Operand b = default, Operand c = default, Operand d = default, Operand e = default) =>
        (A, B, C, D, E) = (a, b, c, d, e);

    internal Operand A { get; }

    internal Operand B { get; }

    internal Operand C { get; }

    internal Operand D { get; }

    internal Operand E { get; }

    internal Matrix? Head { get; init; }

    /// <summary>The same where the first operand, a vector of few numbers a row, stands for its product with weights.</summary>
    public Epilogue<OfHead<TEpilogue>> OfHead(Matrix weights) => new(A, B, C, D, E) { Head = weights };
}

/// <summary>What is made of products' numbers before they are written. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Epilogue
{
    /// <summary>Nothing.</summary>
    public static Epilogue<Ends1<Same>> None => default;

    /// <summary>map(y), where y is the number.</summary>
    public static Epilogue<Ends1<F>> Of<F>(F map) where F : struct, IMap1 => default;

    /// <summary>map(y, a), where y is the number and a an element at the same place.</summary>
    public static Epilogue<Ends2<F>> Of<F>(F map, Operand a) where F : struct, IMap2 => new(a);

    /// <inheritdoc cref="Of{F}(F, Operand)"/>
    public static Epilogue<Ends3<F>> Of<F>(F map, Operand a, Operand b) where F : struct, IMap3 => new(a, b);

    /// <inheritdoc cref="Of{F}(F, Operand)"/>
    public static Epilogue<Ends4<F>> Of<F>(F map, Operand a, Operand b, Operand c) where F : struct, IMap4 => new(a, b, c);

    /// <inheritdoc cref="Of{F}(F, Operand)"/>
    public static Epilogue<Ends5<F>> Of<F>(F map, Operand a, Operand b, Operand c, Operand d) where F : struct, IMap5 => new(a, b, c, d);

    /// <inheritdoc cref="Of{F}(F, Operand)"/>
    public static Epilogue<Ends6<F>> Of<F>(F map, Operand a, Operand b, Operand c, Operand d, Operand e) where F : struct, IMap6 =>
        new(a, b, c, d, e);
}

/// <summary>A function of a product's number alone.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Ends1<F> : IEpilogue where F : struct, IMap1
{
    /// <inheritdoc/>
    public static int Operands => 0;

    /// <inheritdoc/>
    public static bool HasHead => false;

    /// <inheritdoc/>
    public static float At(float sum, float a, float b, float c, float d, float e) => default(F).At<float, GpuMath>(sum);
}

/// <summary>A function of a product's number and of one operand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Ends2<F> : IEpilogue where F : struct, IMap2
{
    /// <inheritdoc/>
    public static int Operands => 1;

    /// <inheritdoc/>
    public static bool HasHead => false;

    /// <inheritdoc/>
    public static float At(float sum, float a, float b, float c, float d, float e) => default(F).At<float, GpuMath>(sum, a);
}

/// <summary>A function of a product's number and of two operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Ends3<F> : IEpilogue where F : struct, IMap3
{
    /// <inheritdoc/>
    public static int Operands => 2;

    /// <inheritdoc/>
    public static bool HasHead => false;

    /// <inheritdoc/>
    public static float At(float sum, float a, float b, float c, float d, float e) => default(F).At<float, GpuMath>(sum, a, b);
}

/// <summary>A function of a product's number and of three operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Ends4<F> : IEpilogue where F : struct, IMap4
{
    /// <inheritdoc/>
    public static int Operands => 3;

    /// <inheritdoc/>
    public static bool HasHead => false;

    /// <inheritdoc/>
    public static float At(float sum, float a, float b, float c, float d, float e) => default(F).At<float, GpuMath>(sum, a, b, c);
}

/// <summary>A function of a product's number and of four operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Ends5<F> : IEpilogue where F : struct, IMap5
{
    /// <inheritdoc/>
    public static int Operands => 4;

    /// <inheritdoc/>
    public static bool HasHead => false;

    /// <inheritdoc/>
    public static float At(float sum, float a, float b, float c, float d, float e) => default(F).At<float, GpuMath>(sum, a, b, c, d);
}

/// <summary>A function of a product's number and of five operands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Ends6<F> : IEpilogue where F : struct, IMap6
{
    /// <inheritdoc/>
    public static int Operands => 5;

    /// <inheritdoc/>
    public static bool HasHead => false;

    /// <inheritdoc/>
    public static float At(float sum, float a, float b, float c, float d, float e) => default(F).At<float, GpuMath>(sum, a, b, c, d, e);
}

/// <summary>A function whose first operand is a product.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct OfHead<TEpilogue> : IEpilogue where TEpilogue : struct, IEpilogue
{
    /// <inheritdoc/>
    public static int Operands => TEpilogue.Operands;

    /// <inheritdoc/>
    public static bool HasHead => true;

    /// <inheritdoc/>
    public static float At(float sum, float a, float b, float c, float d, float e) => TEpilogue.At(sum, a, b, c, d, e);
}
