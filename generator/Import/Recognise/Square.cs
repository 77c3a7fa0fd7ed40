using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>x x.</summary>
internal static class Square
{
    public static bool Apply(Surface surface, Op op) =>
        op.Type == "Mul" && op.Inputs.Count == 2 && op.In(0) is { IsLive: true } x && op.In(1) == x
            && surface.Replace(op, "Square", op.Title, [x]) is not null;
}
