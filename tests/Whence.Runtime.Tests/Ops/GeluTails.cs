using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Operators;

/// <summary>Far below 0 Gelu is as small as its gate, of which 1 + erf would leave rounding alone.</summary>
public sealed class GeluTails
{
    public static TheoryData<float> Far => [-1f, -2.5f, -3f, -3.9f, -4f, -4.1f, -5f, -6f, -8f, -10f];

    [Theory]
    [MemberData(nameof(Far))]
    public void SinglePrecisionHasItsDigits(float x)
    {
        var gelu = new Whence.Ops.Gelu();
        var exact = gelu.Value<double, DoubleMath>(x);
        Assert.InRange(gelu.Value<float, FloatMath>(x) / exact, 1 - 6e-6, 1 + 6e-6);
        var slope = gelu.Slope<double, DoubleMath>(x, exact);
        Assert.InRange(gelu.Slope<float, FloatMath>(x, (float)exact) / slope, 1 - 6e-6, 1 + 6e-6);
        // 1e-7 away, and far away.
        foreach (var x0 in new[] { x - 1e-3f, x + 0.3f, x - 2, x / 2 })
        {
            var y0 = gelu.Value<double, DoubleMath>(x0);
            var secant = gelu.Secant<double, DoubleMath>(x, x0, exact, y0);
            var found = gelu.Secant<float, FloatMath>(x, x0, gelu.Value<float, FloatMath>(x), gelu.Value<float, FloatMath>(x0));
            Assert.InRange(found / secant, 1 - 1e-4, 1 + 1e-4);
        }
    }
}
