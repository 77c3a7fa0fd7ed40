using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>x + 0, x - 0, x 1 and x / 1, as constants that were set or folded leave them: nothing.</summary>
internal static class Neutral
{
    public static bool Apply(Surface surface, Op op)
    {
        if (op.Type is not ("Add" or "Sub" or "Mul" or "Div") || op.Sides() is not var (live, constant))
            return false;
        var isRight = op.In(0) == live;
        var number = op.Type is "Add" or "Sub" ? 0 : 1;
        return (isRight || op.Type is "Add" or "Mul") && constant.IsAll(number) && live.Axes!.SequenceEqual(op.Output.Axes!)
            && surface.TryPass(op, live);
    }
}
