using System.Numerics;

namespace Whence.Evaluate;

/// <summary>A box of pixels, such as an object's bounding box.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">How many columns.</param>
/// <param name="Height">How many rows.</param>
public readonly record struct PixelBox(int Left, int Top, int Width, int Height)
{
    /// <summary>Whether a pixel lies in it.</summary>
    public bool Holds(int column, int row) => column >= Left && column - Left < Width && row >= Top && row - Top < Height;
}

/// <summary>
/// How much of a picture's attribution lies on the object ("Gradients of Counterfactuals", arXiv 1611.02639, section 2.6, localisation).
/// </summary>
public static class BoxMass
{
    /// <summary>The share of |scores|, summed over the channels, that lies in at least one of the boxes.</summary>
    /// <param name="scores">One picture's scores, in the user's axis order.</param>
    /// <param name="shape">[height, width] or [channels, height, width].</param>
    /// <param name="boxes">At least one; what hangs over the picture's edge holds nothing.</param>
    /// <returns>0 to 1; NaN if all scores are zero.</returns>
    /// <exception cref="ArgumentException">Scores, shape and boxes do not fit, or a score is not finite.</exception>
    public static double Of<T>(ReadOnlySpan<T> scores, Shape shape, params ReadOnlySpan<PixelBox> boxes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank is not (2 or 3) || scores.Length != shape.Size)
            throw new ArgumentException($"Scores of a picture are [height, width] or [channels, height, width], but shape is {shape} and "
                + $"scores has {scores.Length} elements.", nameof(shape));
        if (boxes.IsEmpty)
            throw new ArgumentException("There is at least one box, but none was given.", nameof(boxes));
        if (Rows.FirstNonFinite(scores) is var at and >= 0)
            throw new ArgumentException($"scores must be finite, but element {at} is {scores[at]}.", nameof(scores));
        var (height, width) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        var (inside, all) = (0.0, 0.0);
        for (var i = 0; i < scores.Length; i++)
        {
            var size = Math.Abs(double.CreateTruncating(scores[i]));
            all += size;
            if (IsIn(boxes, i % width, i / width % height))
                inside += size;
        }
        return inside / all;
    }

    private static bool IsIn(ReadOnlySpan<PixelBox> boxes, int column, int row)
    {
        foreach (var box in boxes)
        {
            if (box.Holds(column, row))
                return true;
        }
        return false;
    }
}
