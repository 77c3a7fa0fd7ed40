namespace Whence;

/// <summary>Element counts, taken without allocating.</summary>
internal static class Sizes
{
    public static int Of(Shape shape)
    {
        var size = 1;
        for (var axis = 0; axis < shape.Rank; axis++)
            size = checked(size * shape[axis]);
        return size;
    }

    public static int Of(IReadOnlyList<Port> ports) => Before(ports, ports.Count);

    /// <summary>How many elements of a row lie before those of a port.</summary>
    public static int Before(IReadOnlyList<Port> ports, int port)
    {
        var size = 0;
        for (var i = 0; i < port; i++)
            size += Of(ports[i].Shape);
        return size;
    }
}
