using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).</summary>
internal static class GeluTanh
{
    public static bool Apply(Surface surface, Op op)
    {
        if (op.Type != "Tanh" || op.In(0)?.Maker.Beside("Mul", Math.Sqrt(2 / Math.PI)) is not { } inner || inner.Made("Add") is not { } sum)
            return false;
        foreach (var (x, other) in new[] { (sum.In(0)!, sum.In(1)!), (sum.In(1)!, sum.In(0)!) })
        {
            if (other.Maker.Beside("Mul", 0.044715) is { } cube
                && cube.Made("Pow") is { } power
                && power.In(0) == x
                && power.In(1)?.Constant?.Is(3) == true
                && Gelu.Halved(surface, op, x) is { } last)
                return surface.Replace(last, "Gelu", last.Title, [x], ("approximate", "tanh")) is not null;
        }
        return false;
    }
}
