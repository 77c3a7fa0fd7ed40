namespace Whence.CompilerServices;

/// <summary>Arithmetic over one double: the oracle's. Every function is within a few units in the last place.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public readonly struct DoubleMath : IMath<double>
{
    // Rational approximations of the error function, lowest power first: W. J. Cody's method (Rational Chebyshev
    // approximations for the error function, 1969) with the coefficients of fdlibm's s_erf.c (Sun Microsystems, 1993).
    private const double ErfOne = 8.45062911510467529297e-01;

    private static ReadOnlySpan<double> SmallTop =>
    [
        1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
        -5.77027029648944159157e-03, -2.37630166566501626084e-05,
    ];

    private static ReadOnlySpan<double> SmallBottom =>
    [
        1, 3.97917223959155352819e-01, 6.50222499887672944485e-02,
        5.08130628187576562776e-03, 1.32494738004321644526e-04, -3.96022827877536812320e-06,
    ];

    private static ReadOnlySpan<double> AroundOneTop =>
    [
        -2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01, 3.18346619901161753674e-01,
        -1.10894694282396677476e-01, 3.54783043256182359371e-02, -2.16637559486879084300e-03,
    ];

    private static ReadOnlySpan<double> AroundOneBottom =>
    [
        1, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
        1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02,
    ];

    private static ReadOnlySpan<double> MiddleTop =>
    [
        -9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01, -6.23753324503260060396e+01,
        -1.62396669462573470355e+02, -1.84605092906711035994e+02, -8.12874355063065934246e+01, -9.81432934416914548592e+00,
    ];

    private static ReadOnlySpan<double> MiddleBottom =>
    [
        1, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02, 6.45387271733267880336e+02,
        4.29008140027567833386e+02, 1.08635005541779435134e+02, 6.57024977031928170135e+00, -6.04244152148580987438e-02,
    ];

    private static ReadOnlySpan<double> LargeTop =>
    [
        -9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01, -1.60636384855821916062e+02,
        -6.37566443368389627722e+02, -1.02509513161107724954e+03, -4.83519191608651397019e+02,
    ];

    private static ReadOnlySpan<double> LargeBottom =>
    [
        1, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03,
        3.19985821950859553908e+03, 2.55305040643316442583e+03, 4.74528541206955367215e+02, -2.24409524465858183362e+01,
    ];

    /// <inheritdoc/>
    public static double Constant(double value) => value;

    /// <inheritdoc/>
    public static double Add(double a, double b) => a + b;

    /// <inheritdoc/>
    public static double Subtract(double a, double b) => a - b;

    /// <inheritdoc/>
    public static double Multiply(double a, double b) => a * b;

    /// <inheritdoc/>
    public static double Divide(double a, double b) => a / b;

    /// <inheritdoc/>
    public static double MultiplyAdd(double a, double b, double c) => double.MultiplyAddEstimate(a, b, c);

    /// <inheritdoc/>
    public static double Negate(double a) => -a;

    /// <inheritdoc/>
    public static double Abs(double a) => Math.Abs(a);

    /// <inheritdoc/>
    public static double Max(double a, double b) => Math.Max(a, b);

    /// <inheritdoc/>
    public static double Min(double a, double b) => Math.Min(a, b);

    /// <inheritdoc/>
    public static double Sqrt(double a) => Math.Sqrt(a);

    /// <inheritdoc/>
    public static double Exp(double a) => Math.Exp(a);

    /// <inheritdoc/>
    /// <remarks>Kahan's: the error of rounding e^a divides out (Higham, Accuracy and Stability of Numerical Algorithms, 1.14.1).</remarks>
    public static double Expm1(double a)
    {
        var u = Math.Exp(a);
        if (!(Math.Abs(a) < 0.5))
            return u - 1;
        return u == 1 ? a : (u - 1) * a / Math.Log(u);
    }

    /// <inheritdoc/>
    public static double Log(double a) => Math.Log(a);

    /// <inheritdoc/>
    /// <remarks>Kahan's, as <see cref="Expm1"/>.</remarks>
    public static double Log1p(double a)
    {
        var u = 1 + a;
        if (!(Math.Abs(a) < 0.5))
            return Math.Log(u);
        return u == 1 ? a : Math.Log(u) * a / (u - 1);
    }

    /// <inheritdoc/>
    public static double Tanh(double a) => Math.Tanh(a);

    /// <inheritdoc/>
    public static double Erf(double a)
    {
        var size = Math.Abs(a);
        if (size < 0.84375)
            return a + a * Quotient(SmallTop, SmallBottom, a * a);
        if (size < 1.25)
            return Math.CopySign(ErfOne + Quotient(AroundOneTop, AroundOneBottom, size - 1), a);
        if (size < 6)
            return Math.CopySign(1 - Complement(size), a);
        return double.IsNaN(a) ? a : Math.CopySign(1, a);
    }

    /// <inheritdoc/>
    public static double Erfc(double a)
    {
        if (!(a >= 1.25))
            return a > -1.25 && a > 0.5 ? 0.5 - (Erf(a) - 0.5) : 1 - Erf(a);
        return a < 27 ? Complement(a) : 0;
    }

    /// <inheritdoc/>
    public static double IfPositive(double test, double then, double otherwise) => test > 0 ? then : otherwise;

    /// <inheritdoc/>
    public static double IfZero(double test, double then, double otherwise) => test == 0 ? then : otherwise;

    private static double Complement(double size)
    {
        var s = 1 / (size * size);
        var correction = size < 1 / 0.35 ? Quotient(MiddleTop, MiddleBottom, s) : Quotient(LargeTop, LargeBottom, s);
        // The square of the first half of the digits is exact, so that the exponential makes nothing of its rounding.
        var high = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(size) & -(1L << 32));
        return Math.Exp(-high * high - 0.5625) * Math.Exp((high - size) * (high + size) + correction) / size;
    }

    private static double Quotient(ReadOnlySpan<double> top, ReadOnlySpan<double> bottom, double x) =>
        Polynomial(top, x) / Polynomial(bottom, x);

    private static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
            sum = sum * x + coefficients[i];
        return sum;
    }
}
