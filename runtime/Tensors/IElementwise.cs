namespace Whence;

/// <summary>
/// A function of one number, applied to each element of a tensor. One text serves double precision (the oracle), single
/// precision and every vector width, through the arithmetic <c>M</c>. Implement it with a readonly struct that holds the
/// function's constants; mark the method users call in Forward with <see cref="ElementwiseAttribute{TFunction}"/>.
/// </summary>
public interface IElementwise
{
    /// <summary>f(x).</summary>
    V Value<V, M>(V x) where M : struct, IMath<V>;

    /// <summary>f'(x), given also y = f(x). At a kink, the value the field agreed on (ReLU: 0 at 0).</summary>
    V Slope<V, M>(V x, V y) where M : struct, IMath<V>;
}

/// <summary>An elementwise function which knows its secant in closed form, where the quotient would cancel.</summary>
public interface ISecant : IElementwise
{
    /// <summary>
    /// (f(x) - f(x0)) / (x - x0), and at x = x0 the slope at the reference x0 (DeepLIFT's Rescale multiplier,
    /// arXiv 1704.02685, section 3.5.2). y and y0 are f(x) and f(x0).
    /// </summary>
    V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>;
}

/// <summary>
/// An elementwise function that is linear but for one kink or two, so that integrated gradients of networks of such functions can be had
/// exactly (<see cref="Quadrature.Exact"/>).
/// </summary>
public interface IPiecewiseLinear : IElementwise
{
    /// <summary>Where its slope changes, in ascending order; positive infinity where it does not.</summary>
    (double First, double Second) Kinks { get; }
}

/// <summary>Marks a static method of one tensor as the elementwise function <typeparamref name="TFunction"/>.</summary>
/// <remarks>
/// The method's further parameters, if any, must be constants in Forward and are passed to the struct's constructor in order, as doubles.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ElementwiseAttribute<TFunction> : Attribute where TFunction : struct, IElementwise;

/// <summary>
/// Arithmetic over V: a double, a float, or a vector of floats. A static witness, so that the JIT sees straight through it.
/// </summary>
public interface IMath<V>
{
    /// <summary>The same constant in every lane.</summary>
    static abstract V Constant(double value);
    static abstract V Add(V a, V b);
    static abstract V Subtract(V a, V b);
    static abstract V Multiply(V a, V b);
    static abstract V Divide(V a, V b);
    /// <summary>a * b + c, fused where the hardware fuses.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);
    static abstract V Negate(V a);
    static abstract V Abs(V a);
    /// <summary>The larger; NaN if either is NaN.</summary>
    static abstract V Max(V a, V b);
    /// <summary>The smaller; NaN if either is NaN.</summary>
    static abstract V Min(V a, V b);
    static abstract V Sqrt(V a);
    /// <summary>e^a.</summary>
    static abstract V Exp(V a);
    /// <summary>e^a - 1, exact near zero.</summary>
    static abstract V Expm1(V a);
    /// <summary>Natural logarithm.</summary>
    static abstract V Log(V a);
    /// <summary>log(1 + a), exact near zero.</summary>
    static abstract V Log1p(V a);
    static abstract V Tanh(V a);
    /// <summary>The error function.</summary>
    static abstract V Erf(V a);
    /// <summary>1 - erf(a), exact where it is small.</summary>
    static abstract V Erfc(V a);
    /// <summary>In each lane, <paramref name="then"/> where test > 0, else <paramref name="otherwise"/> (also where test is NaN).</summary>
    static abstract V IfPositive(V test, V then, V otherwise);
    /// <summary>
    /// In each lane, <paramref name="then"/> where test == 0, else <paramref name="otherwise"/> (also where test is NaN).
    /// </summary>
    static abstract V IfZero(V test, V then, V otherwise);
}
