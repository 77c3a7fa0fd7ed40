namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// Products of many rows with weights: a group of threads computes a tile, each thread eight rows by four or eight columns of it in
/// registers, over <see cref="Padded.Block"/> of the depth at a time from shared memory. The first factor is formed of operands as it is
/// read; the numbers go through shared memory once more, so that threads side by side finish and write what lies side by side. A number of
/// the result is one sum over ascending depth, begun with the bias, whatever rows are computed beside it; the steps of a path are added in
/// their order.
/// </summary>
/// <typeparam name="TTile">The tile's shape.</typeparam>
/// <typeparam name="TSites">How the first factor lies.</typeparam>
/// <typeparam name="TRows">Which rows a group computes.</typeparam>
/// <typeparam name="TFactor">What the first factor is made of.</typeparam>
/// <typeparam name="TEpilogue">What is made of each number of the result.</typeparam>
internal readonly struct Product<TTile, TSites, TRows, TFactor, TEpilogue> : IKernel<ProductArguments>
    where TTile : struct, ITile
    where TSites : struct, ISites
    where TRows : struct, ITileRows
    where TFactor : struct, IFactor
    where TEpilogue : struct, IEpilogue
{
    public const int Threads = 128;

    /// <summary>Rows of a tile.</summary>
    public static int Rows => Threads / TTile.Across * 8;

    /// <summary>Columns of a tile.</summary>
    public static int Columns => TTile.Across * TTile.Each;

    // In groups of four floats. One more than the rows, so that what is written side by side lies in different banks.
    private static int Pitch => Rows / 4 + 1;

    private static int Line => Columns / 4;

    private static int WeightsAt => Padded.Block * Pitch;

    // The tile is written where the factors were.
    private static int Shared => Math.Max(WeightsAt + Padded.Block * Line, Rows * Line);

    public static void Run(ProductArguments p)
    {
        var memory = SharedMemory.Allocate<Float4>(Shared);
        var floats = memory.Cast<float>();
        var rows = SharedMemory.Allocate<TileRow>(Rows);
        var columns = SharedMemory.Allocate<TileColumn>(Columns);
        var (across, down) = (Group.IdxX % TTile.Across, Group.IdxX / TTile.Across);
        var first = Grid.IdxY * Columns + across * 4;
        var (bias, bias2) = (Bias(p, first), Bias(p, first + Columns / 2));
        // Where rows and columns lie takes divisions, and every number asks; what is not in memory ILGPU computes again inside loops.
        if (Group.IdxX < Columns)
            columns[Group.IdxX] = new TileColumn(p, Grid.IdxY * Columns + Group.IdxX);
        for (var tile = 0; tile < TRows.Tiles(p); tile++)
        {
            var (c0, c1, c2, c3, c4, c5, c6, c7) = (bias, bias, bias, bias, bias, bias, bias, bias);
            var (d0, d1, d2, d3, d4, d5, d6, d7) = (bias2, bias2, bias2, bias2, bias2, bias2, bias2, bias2);
            var mine = TRows.At<TSites>(p, tile, Group.IdxX % Rows, Rows);
            if (Group.IdxX < Rows)
                rows[Group.IdxX] = mine;
            Group.Barrier();
            for (var block = TRows.Inside<TSites>(p, default); block.Start < p.PaddedDepth; block = TRows.Inside<TSites>(p, block.Next(p)))
            {
                if (p.IsInFours == 1)
                    BringFours(p, floats, rows, block);
                else
                    BringOnes(p, floats, mine, block.Start);
                BringWeights(p, memory, block.Start);
                Group.Barrier();
                for (var k = 0; k < Padded.Block; k += 2)
                {
                    // By constants from one place each, which costs no instruction.
                    var factors = memory.SubView(k * Pitch + down * 2, Pitch + 2);
                    var (low, high) = (factors[0], factors[1]);
                    var (low2, high2) = (factors[Pitch], factors[Pitch + 1]);
                    var weights = memory.SubView(WeightsAt + k * Line + across, TTile.Each == 8 ? Line + Line / 2 + 1 : Line + 1);
                    var (w, w2) = (weights[0], weights[Line]);
                    c0 = Float4.Add(Float4.Add(c0, low.X, w), low2.X, w2);
                    c1 = Float4.Add(Float4.Add(c1, low.Y, w), low2.Y, w2);
                    c2 = Float4.Add(Float4.Add(c2, low.Z, w), low2.Z, w2);
                    c3 = Float4.Add(Float4.Add(c3, low.W, w), low2.W, w2);
                    c4 = Float4.Add(Float4.Add(c4, high.X, w), high2.X, w2);
                    c5 = Float4.Add(Float4.Add(c5, high.Y, w), high2.Y, w2);
                    c6 = Float4.Add(Float4.Add(c6, high.Z, w), high2.Z, w2);
                    c7 = Float4.Add(Float4.Add(c7, high.W, w), high2.W, w2);
                    if (TTile.Each == 8)
                    {
                        var (v, v2) = (weights[Line / 2], weights[Line / 2 + Line]);
                        d0 = Float4.Add(Float4.Add(d0, low.X, v), low2.X, v2);
                        d1 = Float4.Add(Float4.Add(d1, low.Y, v), low2.Y, v2);
                        d2 = Float4.Add(Float4.Add(d2, low.Z, v), low2.Z, v2);
                        d3 = Float4.Add(Float4.Add(d3, low.W, v), low2.W, v2);
                        d4 = Float4.Add(Float4.Add(d4, high.X, v), high2.X, v2);
                        d5 = Float4.Add(Float4.Add(d5, high.Y, v), high2.Y, v2);
                        d6 = Float4.Add(Float4.Add(d6, high.Z, v), high2.Z, v2);
                        d7 = Float4.Add(Float4.Add(d7, high.W, v), high2.W, v2);
                    }
                }
                Group.Barrier();
            }
            var to = down * 8 * Line + across;
            memory[to] = c0;
            memory[to + Line] = c1;
            memory[to + 2 * Line] = c2;
            memory[to + 3 * Line] = c3;
            memory[to + 4 * Line] = c4;
            memory[to + 5 * Line] = c5;
            memory[to + 6 * Line] = c6;
            memory[to + 7 * Line] = c7;
            if (TTile.Each == 8)
            {
                to += Line / 2;
                memory[to] = d0;
                memory[to + Line] = d1;
                memory[to + 2 * Line] = d2;
                memory[to + 3 * Line] = d3;
                memory[to + 4 * Line] = d4;
                memory[to + 5 * Line] = d5;
                memory[to + 6 * Line] = d6;
                memory[to + 7 * Line] = d7;
            }
            Group.Barrier();
            if (TRows.AreSummed)
                SumSteps(p, floats, rows, columns[Group.IdxX % Columns], tile == 0);
            else
                WriteRows(p, floats, rows, columns[Group.IdxX % Columns]);
            Group.Barrier();
        }
    }

    /// <summary>
    /// What this thread brings of the first factor: four neighbours at a place in the depth of every 32nd row, where all that it is made of
    /// lies in fours. All is on its way before the first of it is needed.
    /// </summary>
    private static void BringFours(in ProductArguments p, ArrayView<float> memory, ArrayView<TileRow> rows, in DepthBlock block)
    {
        const int apart = Threads * 4 / Padded.Block;
        var (depth, row) = (Group.IdxX * 4 % Padded.Block, Group.IdxX * 4 / Padded.Block);
        var isThere = block.Start + depth < p.Depth;
        Tap tap;
        if (p.IsInBlocks == 1)
            tap = TSites.TapOf(p, block, depth);
        else
            tap = TSites.Tap(p, isThere ? block.Start + depth : 0);
        var to = depth * (Pitch * 4) + row;
        var (x, y) = (Four(p, rows[row], tap, isThere), Four(p, rows[row + apart], tap, isThere));
        if (Rows == 4 * apart)
        {
            var (z, w) = (Four(p, rows[row + 2 * apart], tap, isThere), Four(p, rows[row + 3 * apart], tap, isThere));
            PutFour(memory, to + 2 * apart, z);
            PutFour(memory, to + 3 * apart, w);
        }
        PutFour(memory, to, x);
        PutFour(memory, to + apart, y);
    }

    private static Float4 Four(in ProductArguments p, in TileRow at, in Tap tap, bool isThere)
    {
        var isInside = TSites.IsInside(p, at.Site, tap) & isThere;
        var found = TSites.Place(p, at.Site, tap);
        var place = isInside ? found : 0;
        var a = p.A.Four(at.In(p.A), place);
        var b = TFactor.Operands > 1 ? p.B.Four(at.In(p.B), place) : default;
        var c = TFactor.Operands > 2 ? p.C.Four(at.In(p.C), place) : default;
        var d = TFactor.Operands > 3 ? p.D.Four(at.In(p.D), place) : default;
        var (x, y) = (Made(p, a.X, b.X, c.X, d.X), Made(p, a.Y, b.Y, c.Y, d.Y));
        var (z, w) = (Made(p, a.Z, b.Z, c.Z, d.Z), Made(p, a.W, b.W, c.W, d.W));
        return new(isInside ? x : 0f, isInside ? y : 0f, isInside ? z : 0f, isInside ? w : 0f);
    }

    // Side by side in the depth, which is one line of memory after the other.
    private static void PutFour(ArrayView<float> memory, int to, Float4 values)
    {
        memory[to] = values.X;
        memory[to + Pitch * 4] = values.Y;
        memory[to + 2 * Pitch * 4] = values.Z;
        memory[to + 3 * Pitch * 4] = values.W;
    }

    /// <summary>What this thread brings of a first factor that does not lie in fours: a part of the depth of one row.</summary>
    private static void BringOnes(in ProductArguments p, ArrayView<float> memory, in TileRow mine, int start)
    {
        var (row, part) = (Group.IdxX % Rows, Group.IdxX / Rows * (Rows / 8));
        var (a, b, c, d) = (mine.In(p.A), mine.In(p.B), mine.In(p.C), mine.In(p.D));
        var to = part * (Pitch * 4) + row;
        var depth = start + part;
        var tap = TSites.Tap(p, Math.Min(depth, p.Depth - 1));
        for (var i = 0; i < Rows / 8; i += 4)
        {
            var tap1 = tap.Next(p);
            var tap2 = tap1.Next(p);
            var tap3 = tap2.Next(p);
            var (x, y) = (One(p, a, b, c, d, mine, tap, depth + i), One(p, a, b, c, d, mine, tap1, depth + i + 1));
            var (z, w) = (One(p, a, b, c, d, mine, tap2, depth + i + 2), One(p, a, b, c, d, mine, tap3, depth + i + 3));
            PutFour(memory, to, new(x, y, z, w));
            to += Pitch * 16;
            tap = tap3.Next(p);
        }
    }

    private static float One(in ProductArguments p, int a, int b, int c, int d, in TileRow at, in Tap tap, int depth)
    {
        var isInside = TSites.IsInside(p, at.Site, tap) & depth < p.Depth;
        var found = TSites.Place(p, at.Site, tap);
        var place = isInside ? found : 0;
        var x = p.A.At(a, place);
        var y = TFactor.Operands > 1 ? p.B.At(b, place) : 0f;
        var z = TFactor.Operands > 2 ? p.C.At(c, place) : 0f;
        var w = TFactor.Operands > 3 ? p.D.At(d, place) : 0f;
        var value = Made(p, x, y, z, w);
        return isInside ? value : 0f;
    }

    // Four columns at a time: of the tile's line after line, what follows for the next thread.
    private static void BringWeights(in ProductArguments p, ArrayView<Float4> memory, int start)
    {
        var weights = p.Weights.Cast<Float4>();
        var from = ((Grid.IdxZ * p.PaddedDepth + start + Group.IdxX / Line) * p.PaddedColumns + Grid.IdxY * Columns) / 4
            + Group.IdxX % Line;
        var apart = Threads / Line * (p.PaddedColumns / 4);
        var to = WeightsAt + Group.IdxX;
        var x = weights[from];
        if (Line > 8)
        {
            var y = weights[from + apart];
            if (Line > 16)
            {
                var (z, w) = (weights[from + 2 * apart], weights[from + 3 * apart]);
                memory[to + 2 * Threads] = z;
                memory[to + 3 * Threads] = w;
            }
            memory[to + Threads] = y;
        }
        memory[to] = x;
    }

    private static Float4 Bias(in ProductArguments p, int column) =>
        new(BiasAt(p, column), BiasAt(p, column + 1), BiasAt(p, column + 2), BiasAt(p, column + 3));

    private static float BiasAt(in ProductArguments p, int column) => ProductNumbers<TRows, TFactor, TEpilogue>.BiasAt(p, column);

    private static float Made(in ProductArguments p, float a, float b, float c, float d) =>
        ProductNumbers<TRows, TFactor, TEpilogue>.Made(p, a, b, c, d);

    // All rows of one column of the tile, or every second.
    private static void WriteRows(in ProductArguments p, ArrayView<float> memory, ArrayView<TileRow> rows, in TileColumn column)
    {
        for (var row = Group.IdxX / Columns; row < Rows; row += Threads / Columns)
        {
            var at = rows[row];
            var (place, isInside) = (column.Place(p, at.Site), column.IsInside(p, at.Site));
            var y = Finished(p, at, place, memory[row * Columns + Group.IdxX % Columns]);
            if (at.IsThere & isInside)
                p.Y[at.Site.Example * p.Row + p.Offset + TRows.Half(p) * p.Apart + place] = y;
        }
    }

    // The steps of one path at one column, or of several.
    private static void SumSteps(in ProductArguments p, ArrayView<float> memory, ArrayView<TileRow> rows, in TileColumn column,
        bool isFirst)
    {
        var own = Group.IdxX % Columns;
        for (var row = Group.IdxX / Columns * p.TileSteps; row < Rows; row += Threads / Columns * p.TileSteps)
        {
            var at = rows[row];
            var (place, isInside) = (column.Place(p, at.Site), column.IsInside(p, at.Site));
            var to = at.Path * p.Row + p.Offset + place;
            var sum = new Twofold(p.High[to], p.Low[to]).Unless(p.Begins != 0 & isFirst & at.Path * p.Steps >= p.FirstStep);
            for (var step = 0; step < p.TileSteps; step++)
            {
                at = rows[row + step];
                var given = p.StepWeights[at.Step];
                var weight = at.IsThere ? given : 0f;
                var y = Finished(p, at, place, memory[(row + step) * Columns + own]);
                sum = sum.PlusWeighted(weight, y);
            }
            var isPath = Grid.IdxX / (p.SiteHeight * p.SiteWidth) * (Rows / p.TileSteps) + row / p.TileSteps < p.Paths;
            if (isPath & isInside)
            {
                p.High[to] = sum.High;
                p.Low[to] = sum.Low;
            }
        }
    }

    private static float Finished(in ProductArguments p, in TileRow at, int place, float sum)
    {
        var a = TEpilogue.HasHead ? Head(p, at, place) : TEpilogue.Operands > 0 ? p.P.At(at.In(p.P), place) : 0f;
        return ProductNumbers<TRows, TFactor, TEpilogue>.Finished(p, at, place, sum, a);
    }

    // A number of the first operand's product with the head's weights, over ascending units.
    private static float Head(in ProductArguments p, in TileRow at, int place)
    {
        var begin = at.In(p.P);
        var sum = 0f;
        for (var unit = 0; unit < p.HeadUnits; unit++)
            sum += p.P.At(begin, unit) * p.HeadWeights[unit * p.HeadPitch + place];
        return sum;
    }
}
