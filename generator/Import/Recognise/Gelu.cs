using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>0.5 x (1 + erf(x / sqrt(2))), its three factors in any order.</summary>
internal static class Gelu
{
    public static bool Apply(Surface surface, Op op)
    {
        if (op.Type != "Erf" || op.In(0)?.Maker.Divided(Math.Sqrt(2)) is not { } x)
            return false;
        return Halved(surface, op, x) is { } last && surface.Replace(last, "Gelu", last.Title, [x]) is not null;
    }

    /// <summary>The last operator of 0.5 x (1 + f), from f on; null if that is not what follows.</summary>
    public static Op? Halved(Surface surface, Op f, Fold.Value x)
    {
        if (surface.Next(f) is not { } one || one.Beside("Add", 1) != f.Output || surface.Next(one) is not { Type: "Mul" } product)
            return null;
        // (0.5 x) (1 + f)
        if (product.Other("Mul", one.Output).Made("Mul") is { } half && half.Beside("Mul", 0.5) == x)
            return product;
        // 0.5 (x (1 + f)), or x (0.5 (1 + f))
        if (surface.Next(product) is not { Type: "Mul" } last)
            return null;
        var isFirst = product.Other("Mul", one.Output) == x && last.Beside("Mul", 0.5) == product.Output;
        var isSecond = product.Beside("Mul", 0.5) == one.Output && last.Other("Mul", product.Output) == x;
        return isFirst || isSecond ? last : null;
    }
}
