namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// The same products on a device that computes on a processor, as PoCL does: a group is one thread, which waits for no other and keeps
/// nothing for it. It forms six rows of the first factor, as much of the depth as its cache holds at a time, and multiplies them by sixteen
/// columns after the other, whose sums are the registers of vectors. Loops over what lies side by side are innermost, so that the device's
/// compiler makes vectors of them. A number of the result is one sum over ascending depth, begun with the bias, whatever rows are computed
/// beside it; the steps of a path are added in their order.
/// </summary>
/// <typeparam name="TSites">How the first factor lies.</typeparam>
/// <typeparam name="TRows">Which rows a group computes.</typeparam>
/// <typeparam name="TFactor">What the first factor is made of.</typeparam>
/// <typeparam name="TEpilogue">What is made of each number of the result.</typeparam>
internal readonly struct ProcessorProduct<TSites, TRows, TFactor, TEpilogue> : IKernel<ProductArguments>
    where TSites : struct, ISites
    where TRows : struct, ITileRows
    where TFactor : struct, IFactor
    where TEpilogue : struct, IEpilogue
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>The most columns of one.</summary>
    public const int Columns = 256;

    private const int Panel = 16;
    private const int Line = Columns / 8;
    private const int MostDepth = 512;

    public static void Run(ProductArguments p)
    {
        var rows = LocalMemory.Allocate<TileRow>(Rows);
        var factors = LocalMemory.Allocate<float>(Rows * MostDepth);
        var tile = LocalMemory.Allocate<Float8>(Rows * Line);
        var first = LocalMemory.Allocate<float>(Columns);
        var numbers = tile.Cast<float>();
        var columns = Math.Min(Columns, p.PaddedColumns - Grid.IdxY * Columns);
        for (var index = 0; index < TRows.Tiles(p); index++)
        {
            for (var row = 0; row < Rows; row++)
                rows[row] = TRows.At<TSites>(p, index, row, Rows);
            Begin(p, numbers, columns);
            for (var from = Inside(p, 0); from < p.Depth;)
            {
                var to = Outside(p, from);
                Bring(p, factors, rows, from, to);
                for (var column = 0; column < columns; column += Panel)
                    Multiply(p, factors, tile, column / 8, from, to - from);
                from = Inside(p, to);
            }
            Finish(p, numbers, rows, first, index == 0);
        }
    }

    // Each row begins with the bias.
    private static void Begin(in ProductArguments p, ArrayView<float> numbers, int columns)
    {
        for (var column = 0; column < columns; column++)
            numbers[column] = ProductNumbers<TRows, TFactor, TEpilogue>.BiasAt(p, Grid.IdxY * Columns + column);
        for (var row = 1; row < Rows; row++)
        {
            for (var column = 0; column < columns; column++)
                numbers[row * Columns + column] = numbers[column];
        }
    }

    // From a depth on, the first at which some row has numbers.
    private static int Inside(in ProductArguments p, int from)
    {
        while (from < p.Depth && !TRows.Has<TSites>(p, TSites.Tap(p, from)))
            from += p.Channels - TSites.Tap(p, from).Channel;
        return from;
    }

    // The depth that ends what is brought at a time: what rows have numbers at, as much as there is room for.
    private static int Outside(in ProductArguments p, int from)
    {
        var most = Math.Min(p.Depth, from + MostDepth);
        if (!TRows.AreSummed)
            return most;
        var to = from;
        while (to < most && TRows.Has<TSites>(p, TSites.Tap(p, to)))
            to += p.Channels - TSites.Tap(p, to).Channel;
        return Math.Min(to, most);
    }

    private static void Bring(in ProductArguments p, ArrayView<float> factors, ArrayView<TileRow> rows, int from, int to)
    {
        var tap = TSites.Tap(p, from);
        for (var depth = from; depth < to;)
        {
            var count = Math.Min(p.Channels - tap.Channel, to - depth);
            for (var row = 0; row < Rows; row++)
                Bring(p, factors, row * MostDepth + depth - from, rows[row], tap, count);
            depth += count;
            tap = new Tap(tap.Row, tap.Column, p.Channels - 1).Next(p);
        }
    }

    // The channels of a row at one tap.
    private static void Bring(in ProductArguments p, ArrayView<float> factors, int to, in TileRow at, in Tap tap, int count)
    {
        if (TSites.IsInside(p, at.Site, tap))
        {
            var place = TSites.Place(p, at.Site, tap);
            var (a, b, c, d) = (at.In(p.A), at.In(p.B), at.In(p.C), at.In(p.D));
            for (var i = 0; i < count; i++)
            {
                var x = p.A.At(a, place + i);
                var y = TFactor.Operands > 1 ? p.B.At(b, place + i) : 0f;
                var z = TFactor.Operands > 2 ? p.C.At(c, place + i) : 0f;
                var w = TFactor.Operands > 3 ? p.D.At(d, place + i) : 0f;
                factors[to + i] = ProductNumbers<TRows, TFactor, TEpilogue>.Made(p, x, y, z, w);
            }
        }
        else
        {
            for (var i = 0; i < count; i++)
                factors[to + i] = 0f;
        }
    }

    private static void Multiply(in ProductArguments p, ArrayView<float> factors, ArrayView<Float8> tile, int column, int from, int count)
    {
        var weights = p.Weights.Cast<Float8>();
        var line = p.PaddedColumns / 8;
        var at = (Grid.IdxZ * p.PaddedDepth + from) * line + Grid.IdxY * Line + column;
        var (a0, b0) = (tile[column], tile[column + 1]);
        var (a1, b1) = (tile[column + Line], tile[column + Line + 1]);
        var (a2, b2) = (tile[column + 2 * Line], tile[column + 2 * Line + 1]);
        var (a3, b3) = (tile[column + 3 * Line], tile[column + 3 * Line + 1]);
        var (a4, b4) = (tile[column + 4 * Line], tile[column + 4 * Line + 1]);
        var (a5, b5) = (tile[column + 5 * Line], tile[column + 5 * Line + 1]);
        for (var k = 0; k < count; k++, at += line)
        {
            var (v, w) = (weights[at], weights[at + 1]);
            var x = factors[k];
            (a0, b0) = (Float8.Add(a0, x, v), Float8.Add(b0, x, w));
            x = factors[k + MostDepth];
            (a1, b1) = (Float8.Add(a1, x, v), Float8.Add(b1, x, w));
            x = factors[k + 2 * MostDepth];
            (a2, b2) = (Float8.Add(a2, x, v), Float8.Add(b2, x, w));
            x = factors[k + 3 * MostDepth];
            (a3, b3) = (Float8.Add(a3, x, v), Float8.Add(b3, x, w));
            x = factors[k + 4 * MostDepth];
            (a4, b4) = (Float8.Add(a4, x, v), Float8.Add(b4, x, w));
            x = factors[k + 5 * MostDepth];
            (a5, b5) = (Float8.Add(a5, x, v), Float8.Add(b5, x, w));
        }
        (tile[column], tile[column + 1]) = (a0, b0);
        (tile[column + Line], tile[column + Line + 1]) = (a1, b1);
        (tile[column + 2 * Line], tile[column + 2 * Line + 1]) = (a2, b2);
        (tile[column + 3 * Line], tile[column + 3 * Line + 1]) = (a3, b3);
        (tile[column + 4 * Line], tile[column + 4 * Line + 1]) = (a4, b4);
        (tile[column + 5 * Line], tile[column + 5 * Line + 1]) = (a5, b5);
    }

    // The columns of one phase after those of the other: their numbers lie side by side.
    private static void Finish(in ProductArguments p, ArrayView<float> numbers, ArrayView<TileRow> rows, ArrayView<float> first,
        bool isFirstTile)
    {
        var before = Grid.IdxY * Columns;
        var end = Math.Min(Columns, p.Columns - before);
        for (var from = 0; from < end;)
        {
            var column = new TileColumn(p, before + from);
            var count = Math.Min(p.Outputs - (before + from) % p.Outputs, end - from);
            if (TRows.AreSummed)
            {
                var begins = p.Begins != 0 & isFirstTile & rows[0].Path * p.Steps >= p.FirstStep;
                if (column.IsInside(p, rows[0].Site))
                    SumSteps(p, numbers, rows, first, from, count, column.Place(p, rows[0].Site), begins);
            }
            else
            {
                for (var row = 0; row < Rows; row++)
                {
                    if (rows[row].IsThere & column.IsInside(p, rows[row].Site))
                        Write(p, numbers, rows[row], first, row * Columns + from, count, column.Place(p, rows[row].Site));
                }
            }
            from += count;
        }
    }

    private static void Write(in ProductArguments p, ArrayView<float> numbers, in TileRow at, ArrayView<float> first, int from, int count,
        int place)
    {
        Finish(p, numbers, at, first, from, count, place);
        var to = at.Site.Example * p.Row + p.Offset + TRows.Half(p) * p.Apart + place;
        for (var i = 0; i < count; i++)
            p.Y[to + i] = numbers[from + i];
    }

    private static void SumSteps(in ProductArguments p, ArrayView<float> numbers, ArrayView<TileRow> rows, ArrayView<float> first, int from,
        int count, int place, bool begins)
    {
        var to = rows[0].Path * p.Row + p.Offset + place;
        if (begins)
        {
            for (var i = 0; i < count; i++)
                (p.High[to + i], p.Low[to + i]) = (0f, 0f);
        }
        for (var row = 0; row < Rows; row++)
        {
            Finish(p, numbers, rows[row], first, row * Columns + from, count, place);
            var given = p.StepWeights[rows[row].Step];
            var weight = rows[row].IsThere ? given : 0f;
            for (var i = 0; i < count; i++)
            {
                var sum = new Twofold(p.High[to + i], p.Low[to + i]).PlusWeighted(weight, numbers[row * Columns + from + i]);
                (p.High[to + i], p.Low[to + i]) = (sum.High, sum.Low);
            }
        }
    }

    // What is written of neighbours in a row, in place of their sums.
    private static void Finish(in ProductArguments p, ArrayView<float> numbers, in TileRow at, ArrayView<float> first, int from, int count,
        int place)
    {
        if (TEpilogue.HasHead)
            Head(p, at, first, count, place);
        var a = at.In(p.P);
        for (var i = 0; i < count; i++)
        {
            var x = TEpilogue.HasHead ? first[i] : TEpilogue.Operands > 0 ? p.P.At(a, place + i) : 0f;
            numbers[from + i] = ProductNumbers<TRows, TFactor, TEpilogue>.Finished(p, at, place + i, numbers[from + i], x);
        }
    }

    // Neighbours of the first operand's product with the head's weights, over ascending units.
    private static void Head(in ProductArguments p, in TileRow at, ArrayView<float> first, int count, int place)
    {
        var begin = at.In(p.P);
        for (var i = 0; i < count; i++)
            first[i] = 0f;
        for (var unit = 0; unit < p.HeadUnits; unit++)
        {
            var (x, from) = (p.P.At(begin, unit), unit * p.HeadPitch + place);
            for (var i = 0; i < count; i++)
                first[i] += x * p.HeadWeights[from + i];
        }
    }
}
