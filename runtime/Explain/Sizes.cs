namespace Whence;

/// <summary>Element counts, taken without allocating.</summary>
internal static class Sizes
{
    public static int Of(Shape shape) => shape.Size;

    public static int Of(IReadOnlyList<TensorInfo> tensors) => Before(tensors, tensors.Count);

    /// <summary>How many elements of a row lie before those of a tensor.</summary>
    public static int Before(IReadOnlyList<TensorInfo> tensors, int tensor)
    {
        var size = 0;
        for (var i = 0; i < tensor; i++)
            size += Of(tensors[i].Shape);
        return size;
    }
}
