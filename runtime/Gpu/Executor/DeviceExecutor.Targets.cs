namespace Whence.Gpu;

using Whence.Authoring;

// The targets: of outputs those units come down that some seed weighs, and the host weighs them as it weighs its own.
internal sealed partial class DeviceExecutor
{
    // Of the explained point; on the device too, if they are not all.
    private int[] units = [];
    private Rows unitsThere;
    // [answers or inputs, units]
    private float[] unitSeeds = [];
    // [answers, inputs]
    private Weighed[] outputs = [];
    private Weighed[] referenceOutputs = [];
    // [answers, ChunkRows]: at the rows of the last chunk.
    private Weighed[] rowOutputs = [];
    private double[] found = [];
    private int[] which = [];
    private float[] came = [];

    /// <inheritdoc/>
    public Weighed Output(int answer, int input) => outputs[answer * job.Count + input];

    /// <inheritdoc/>
    public Weighed ReferenceOutput(int answer, int input) =>
        HasReferenceOutputs ? referenceOutputs[answer * job.Count + input] : Weighed.None;

    /// <inheritdoc/>
    public Weighed RowOutput(int answer, int row) => rowOutputs[answer * ChunkRows + row];

    /// <inheritdoc/>
    public double Outcome(int answer, int row) => found[answer * ChunkRows + row];

    private bool HasOutputs => !takesOutputs && recipe.Fold is not (Fold.PerRow or Fold.Values);

    private bool HasReferenceOutputs => HasReferences && (SumsRows || recipe.Fold == Fold.Contributions) && (recipe.IsComplete || compares);

    private void FindUnits()
    {
        var rows = job.PerInputSeeds ? job.Count : job.Answers;
        var seeds = Seeds(0, rows);
        var isWeighed = new bool[job.FromSize];
        for (var i = 0; i < seeds.Length; i++)
            isWeighed[i % isWeighed.Length] |= seeds[i] != 0;
        units = [.. Enumerable.Range(0, isWeighed.Length).Where(unit => isWeighed[unit])];
        if (units.Length == 0)
            units = [0];
        unitSeeds = new float[checked(rows * units.Length)];
        for (var i = 0; i < unitSeeds.Length; i++)
            unitSeeds[i] = seeds[i / units.Length * job.FromSize + units[i % units.Length]];
    }

    private void MakeRoomForTargets()
    {
        if (recipe.Fold == Fold.PerRow)
            rowOutputs = Room(rowOutputs, checked(job.Answers * ChunkRows));
        if (recipe.Fold is Fold.Values or Fold.Outcomes)
            (found, which) = (Room(found, checked(job.Answers * ChunkRows)), Room(which, ChunkRows));
        if (HasOutputs || takesOutputs)
            outputs = Room(outputs, checked(job.Answers * job.Count));
        if (!HasReferenceOutputs)
            return;
        referenceOutputs = Room(referenceOutputs, checked(job.Answers * job.Count));
        if (!job.PerInput)
            MeasureShared();
    }

    private static TElement[] Room<TElement>(TElement[] known, int size) => known.Length >= size ? known : new TElement[size];

    private ReadOnlySpan<float> UnitSeed(int answer, int input) =>
        unitSeeds.AsSpan((job.PerInputSeeds ? input : answer) * units.Length, units.Length);

    // An answer's target at one of the rows that came.
    private Weighed Weigh(int answer, int input, ReadOnlySpan<float> values, int row) =>
        Whence.Rows.Weigh(UnitSeed(answer, input), values.Slice(row * units.Length, units.Length));

    private void MeasureWindow()
    {
        var inputs = window.End - window.First;
        var values = Values(x, HasOutputs ? inputs : 0, own, HasReferenceOutputs && job.PerInput ? checked(inputs * job.Each) : 0);
        if (HasOutputs)
        {
            for (var i = 0; i < job.Answers * inputs; i++)
            {
                var (answer, input) = (i / inputs, window.First + i % inputs);
                outputs[answer * job.Count + input] = Weigh(answer, input, values, i % inputs);
            }
        }
        if (HasReferenceOutputs && job.PerInput)
            MeasureOwn(values[(HasOutputs ? inputs * units.Length : 0)..], inputs);
    }

    private void MeasureOwn(ReadOnlySpan<float> values, int inputs)
    {
        for (var i = 0; i < job.Answers * inputs; i++)
        {
            var (answer, input, sum) = (i / inputs, window.First + i % inputs, default(Weighed));
            for (var r = 0; r < job.Each; r++)
                sum += Weigh(answer, input, values, i % inputs * job.Each + r);
            referenceOutputs[answer * job.Count + input] = sum / job.Each;
        }
    }

    private void MeasureShared()
    {
        var known = job.Prepared is null ? default : job.Prepared.ValuesOf(job.From);
        var values = known.IsEmpty ? Values(shared, job.Each, default, 0) : Columns(known);
        for (var i = 0; i < job.Answers * job.Count; i++)
        {
            // Where inputs have no seeds of their own they have one answer.
            if (!job.PerInputSeeds && i % job.Count > 0)
            {
                referenceOutputs[i] = referenceOutputs[i - 1];
                continue;
            }
            var sum = default(Weighed);
            for (var r = 0; r < job.Each; r++)
                sum += Weigh(i / job.Count, i % job.Count, values, r);
            referenceOutputs[i] = sum / job.Each;
        }
    }

    private float[] Columns(ReadOnlySpan<float> values)
    {
        var columns = new float[job.Each * units.Length];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = values[i / units.Length * job.FromSize + units[i % units.Length]];
        return columns;
    }

    /// <summary>The units of the explained point at rows that lie on the device, and at others, [rows, units].</summary>
    private ReadOnlySpan<float> Values(Rows at, int rows, Rows others, int more)
    {
        if (rows + more == 0)
            return default;
        var mark = lane.Mark;
        try
        {
            var values = lane.Take(checked((rows + more) * units.Length));
            InParts(rows, (first, count) =>
                Forward(Part(at, first, count, job.InputSize), Part(values, first, count, units.Length), count));
            InParts(more, (first, count) =>
                Forward(Part(others, first, count, job.InputSize), Part(values, rows + first, count, units.Length), count));
            return Down(values);
        }
        finally
        {
            lane.Release(mark);
        }
    }

    private void Forward(Rows at, Rows values, int rows)
    {
        if (unitsThere.IsEmpty)
        {
            net.Programs.RunForward(at, job.From, values, rows);
            return;
        }
        var all = lane.Take(checked(rows * job.FromSize));
        net.Programs.RunForward(at, job.From, all, rows);
        Choose(all, values, rows);
    }

    // Those of all units that come down.
    private void Choose(Rows all, Rows values, int rows) => lane.Launch<SomeColumns, ScoreArguments>(values.Length, new ScoreArguments
    {
        Values = all.View, Scores = values.View, Sheet = unitsThere.View.Cast<int>(), Count = values.Length, Size = units.Length,
        Each = job.FromSize, Rows = rows,
    });

    private ReadOnlySpan<float> Down(Rows from)
    {
        came = Room(came, from.Length);
        from.Write(came.AsSpan(0, from.Length));
        return came.AsSpan(0, from.Length);
    }

    // Forward passes alone: the target at counterfactuals. Of an input whose letter is there already it is known.
    private void AskOutcomes(int at, ReadOnlySpan<RowSpec> rows, ReadOnlySpan<bool> masks)
    {
        var (players, asked) = (masks.Length / rows.Length, 0);
        sheet.Begin(RankOf(rows));
        for (var i = 0; i < rows.Length; i++)
        {
            var input = Input(rows[i]);
            if (recipe.Fold == Fold.Outcomes && HostRows<float>.IsThere(job, rows[i], input))
            {
                for (var answer = 0; answer < job.Answers; answer++)
                    found[answer * ChunkRows + at + i] = Output(answer, input).Value;
                continue;
            }
            Describe(rows[i], rows[0].Pair);
            which[asked++] = i;
        }
        if (asked == 0)
            return;
        DescribeShared(asked, players, masks);
        var formed = Form(sheet, asked, RowSheet.Alpha, players);
        var values = lane.Take(checked(asked * units.Length));
        Forward(formed, values, asked);
        Beside();
        var came = Down(values);
        for (var i = 0; i < job.Answers * asked; i++)
        {
            var (answer, row) = (i / asked, which[i % asked]);
            found[answer * ChunkRows + at + row] = Whence.Rows.Dot(UnitSeed(answer, Input(rows[row])),
                came.Slice(i % asked * units.Length, units.Length));
        }
    }

    // What rows share, and the masks of those that are asked about.
    private void DescribeShared(int asked, int players, ReadOnlySpan<bool> masks)
    {
        if (sheet.Rank > 0)
            sheet.AddShapes(signature);
        if (recipe.IsMasked)
        {
            if (recipe.Groups is { } groups)
                sheet.AddGroups(groups, job.InputSize);
            sheet.BeginMasks(players);
            for (var i = 0; i < asked; i++)
                sheet.AddMask(masks.Slice(which[i] * players, players));
        }
        sheet.Up(lane);
    }
}
