using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>x sigmoid(x).</summary>
internal static class Silu
{
    public static bool Apply(Surface surface, Op op) => op.Type == "Sigmoid" && surface.Next(op) is { } product
        && product.Other("Mul", op.Output) is { } x && x == op.In(0) && surface.Replace(product, "Silu", product.Title, [x]) is not null;
}
