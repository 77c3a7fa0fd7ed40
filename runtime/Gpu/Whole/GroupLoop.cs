namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>Elementwise loops of a group: the places and rows of a value among its threads. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GroupLoop
{
    /// <summary>y[place, row] = then(start + alphas[row] move), each of so many places.</summary>
    public static void Between<F>(Tile start, Tile move, Tile alphas, Tile y, int size, F then) where F : struct, IMap1
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(GpuMath.MultiplyAdd(alphas.At(0, row), move.At(place, row), start.At(place, row)));
        }
    }

    /// <summary>y[place, row] = map(a[place, row]), each of so many places; y may be an operand's very memory.</summary>
    public static void Map<F>(F map, Tile y, int size, Tile a) where F : struct, IMap1
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(a.At(place, row));
        }
    }

    /// <inheritdoc cref="Map{F}(F, Tile, int, Tile)"/>
    public static void Map<F>(F map, Tile y, int size, Tile a, Tile b) where F : struct, IMap2
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(a.At(place, row), b.At(place, row));
        }
    }

    /// <inheritdoc cref="Map{F}(F, Tile, int, Tile)"/>
    public static void Map<F>(F map, Tile y, int size, Tile a, Tile b, Tile c) where F : struct, IMap3
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(a.At(place, row), b.At(place, row), c.At(place, row));
        }
    }

    /// <inheritdoc cref="Map{F}(F, Tile, int, Tile)"/>
    public static void Map<F>(F map, Tile y, int size, Tile a, Tile b, Tile c, Tile d) where F : struct, IMap4
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(a.At(place, row), b.At(place, row), c.At(place, row), d.At(place, row));
        }
    }

    /// <inheritdoc cref="Map{F}(F, Tile, int, Tile)"/>
    public static void Map<F>(F map, Tile y, int size, Tile a, Tile b, Tile c, Tile d, Tile e) where F : struct, IMap5
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(a.At(place, row), b.At(place, row), c.At(place, row), d.At(place, row), e.At(place, row));
        }
    }

    /// <inheritdoc cref="Map{F}(F, Tile, int, Tile)"/>
    public static void Map<F>(F map, Tile y, int size, Tile a, Tile b, Tile c, Tile d, Tile e, Tile f) where F : struct, IMap6
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(a.At(place, row), b.At(place, row), c.At(place, row),
                d.At(place, row), e.At(place, row), f.At(place, row));
        }
    }

    /// <inheritdoc cref="Map{F}(F, Tile, int, Tile)"/>
    public static void Map<F>(F map, Tile y, int size, Tile a, Tile b, Tile c, Tile d, Tile e, Tile f, Tile g) where F : struct, IMap7
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(a.At(place, row), b.At(place, row), c.At(place, row),
                d.At(place, row), e.At(place, row), f.At(place, row), g.At(place, row));
        }
    }

    /// <inheritdoc cref="Map{F}(F, Tile, int, Tile)"/>
    public static void Map<F>(F map, Tile y, int size, Tile a, Tile b, Tile c, Tile d, Tile e, Tile f, Tile g,
        Tile h) where F : struct, IMap8
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var place = n / y.Pitch;
            var row = n - place * y.Pitch;
            y[n] = default(F).At<float, GpuMath>(a.At(place, row), b.At(place, row), c.At(place, row), d.At(place, row),
                e.At(place, row), f.At(place, row), g.At(place, row), h.At(place, row));
        }
    }
}
