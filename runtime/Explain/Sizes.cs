namespace Whence;

/// <summary>Element counts, taken without allocating.</summary>
internal static class Sizes
{
    public static int Of(Shape shape) => shape.Size;

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
