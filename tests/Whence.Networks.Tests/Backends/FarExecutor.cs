using System.Numerics;
using Whence.Authoring;
using Whence.CompilerServices;

namespace Whence.Networks.Tests.Backends;

/// <summary>Carries recipes out row by row, as they are written; see <see cref="FarModel{T}"/>.</summary>
internal sealed unsafe class FarExecutor<T> : IExecutor<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IHostPasses<T> net;
    private readonly Recipe recipe;
    private readonly Job<T> job;
    private readonly int pairsEach;
    private readonly int toSize;

    // The device's memory.
    private readonly T[][] inputs;
    private readonly T[][][] references;
    private readonly T[][] seeds;
    private readonly Dictionary<int, double[][]> totals = [];

    // What is due at the next wait, and what the last wait handed back.
    private readonly List<Action> due = [];
    private readonly List<double> outcomes = [];
    private readonly List<Weighed> rowOutputs = [];
    private double[] sum = [];
    private (T[] Multipliers, T[] Value) last;

    public FarExecutor(IHostPasses<T> net, in Recipe recipe, in Job<T> job)
    {
        (this.net, this.recipe, this.job) = (net, recipe, job);
        pairsEach = job.PairsEach(recipe);
        toSize = Layout.ToSize(net.Signature, recipe);
        (inputs, seeds, references) = (new T[job.Count][], new T[job.Count][], new T[job.Count][][]);
        for (var input = 0; input < job.Count; input++)
        {
            inputs[input] = job.Input(input).ToArray();
            seeds[input] = job.Seed(0, input).ToArray();
            references[input] = new T[job.References == null ? 0 : job.Each][];
            for (var r = 0; r < references[input].Length; r++)
                references[input][r] = job.Reference(input, r).ToArray();
        }
    }

    // No divisor of anything.
    public int ChunkRows => 13;

    public int ChunkPairs => 0;

    public Weighed Output(int answer, int input) => Weigh(inputs[input], input);

    public Weighed ReferenceOutput(int answer, int input)
    {
        var all = default(Weighed);
        foreach (var reference in references[input])
            all += Weigh(reference, input);
        return references[input].Length == 0 ? Weighed.None : all / references[input].Length;
    }

    public Weighed RowOutput(int answer, int row) => rowOutputs[row];

    public double Outcome(int answer, int row) => outcomes[row];

    public void Run(long first, ReadOnlySpan<RowSpec> rows, ReadOnlySpan<bool> masks)
    {
        outcomes.Clear();
        rowOutputs.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            var players = masks.Length / rows.Length;
            var row = recipe.PlacedAt >= 0 ? inputs[Input(rows[i])] : Form(rows[i], masks.Slice(i * players, players));
            var at = (int)((first + i) % recipe.Rows);
            if (recipe.Fold is Fold.Values or Fold.Outcomes)
                outcomes.Add(Weigh(row, Input(rows[i])).Value);
            else
                Take(at, rows[i], row);
        }
    }

    public void RunPairs(int first, int pairs, ReadOnlySpan<RowSpec> rows) => throw new NotSupportedException();

    public void Wait()
    {
        due.ForEach(action => action());
        due.Clear();
    }

    public void Dispose()
    {
    }

    private int Input(in RowSpec spec) => spec.Pair / pairsEach;

    private void Take(int at, in RowSpec spec, T[] row)
    {
        var input = Input(spec);
        var walked = Walked(spec, row);
        if (recipe.Fold == Fold.PerRow)
        {
            rowOutputs.Add(Rows.Weigh<T>(seeds[input], walked.From));
            var scores = Finished(input, walked.Multipliers, walked.Value);
            due.Add(() => scores.CopyTo(job.ScoreRow(0, input)[(at * scores.Length)..]));
            return;
        }
        if (at == 0)
            (sum, last) = (new double[toSize], ([], []));
        if (recipe.Fold == Fold.Contributions)
            AddContributions(input, at == 0, spec, walked);
        else
            Add(at, spec, row, walked);
        if (at == recipe.Rows - 1)
            EndPair(spec.Pair);
    }

    private void Add(int at, in RowSpec spec, T[] row, Answer walked)
    {
        var value = recipe.Fold == Fold.Moves ? Value(Form(spec with { Alpha = spec.Cut }, default), recipe.To) : walked.Value;
        if (recipe.Fold == Fold.Moves && at == 0)
            last.Value = Value(references[Input(spec)][spec.Reference], recipe.To);
        for (var i = 0; i < toSize; i++)
        {
            if (recipe.Fold == Fold.WeightedSum)
                sum[i] += Rows.Times(Wide(walked.Multipliers[i]), spec.Weight * walked.Through);
            else if (recipe.Fold == Fold.Moves)
                sum[i] += Rows.Times(Wide(walked.Multipliers[i]), Rows.Move(value[i], last.Value[i]));
            else if (at > 0)
                sum[i] += Rows.Times(Wide(last.Multipliers[i]), Rows.Move(value[i], last.Value[i]));
        }
        last = (walked.Multipliers, value);
    }

    private void EndPair(int pair)
    {
        var (input, reference) = (pair / pairsEach, pair % pairsEach);
        if (recipe.Fold == Fold.Contributions)
        {
            if (reference == pairsEach - 1)
                due.Add(() => WriteContributions(input));
            return;
        }
        var total = Totals(input, 1)[0];
        for (var i = 0; i < toSize; i++)
            total[i] += recipe.Finish == Finish.None ? sum[i] : Rows.Times(sum[i], Difference(input, reference, i));
        if (reference == pairsEach - 1)
            due.Add(() => Write(total, job.Scores, job.ScorePlace(0, input), pairsEach));
    }

    private double Difference(int input, int reference, int i) => recipe.PlacedAt < 0
        ? Rows.Move(inputs[input][i], references[input][reference][i])
        : Rows.Move(Value(inputs[input], recipe.PlacedAt)[i], Value(references[input][reference], recipe.PlacedAt)[i]);

    private double[][] Totals(int input, int parts)
    {
        if (!totals.TryGetValue(input, out var found))
            totals[input] = found = [.. Enumerable.Range(0, parts).Select(_ => new double[toSize])];
        return found;
    }

    private void AddContributions(int input, bool isFirst, in RowSpec spec, Answer walked)
    {
        var parts = Totals(input, 5);
        var (x, x0) = (inputs[input], references[input][spec.Reference]);
        for (var i = 0; i < toSize; i++)
        {
            var move = recipe.To < 0 ? Rows.Move(x[i], x0[i]) : 0;
            var (m, n) = (Wide(walked.Multipliers[i]), Wide(walked.Negative[i]));
            var rise = Rows.Times(m, recipe.To < 0 ? Math.Max(move, 0) : Wide(walked.Rise[i]));
            var fall = Rows.Times(n, recipe.To < 0 ? Math.Min(move, 0) : Wide(walked.Fall[i]));
            parts[0][i] += rise + fall;
            parts[1][i] += rise;
            parts[2][i] += fall;
            parts[3][i] += (m + n) / 2;
        }
        if (job.Hypothetical != null)
            AddHypothetical(parts[4], walked, x0);
    }

    private void AddHypothetical(double[] sums, Answer walked, T[] x0)
    {
        var start = 0;
        foreach (var tensor in net.Signature.Inputs)
        {
            var (channels, positions) = (tensor.Shape[0], tensor.Shape.Size / tensor.Shape[0]);
            double Mean(int i) => (Wide(walked.Multipliers[i]) + Wide(walked.Negative[i])) / 2;
            for (var position = start; position < start + positions; position++)
            {
                var at = Enumerable.Range(0, channels).Select(channel => position + channel * positions).ToList();
                var expected = at.Sum(i => Rows.Times(Mean(i), Wide(x0[i])));
                at.ForEach(i => sums[i] += Mean(i) - expected);
            }
            start += tensor.Shape.Size;
        }
    }

    private void WriteContributions(int input)
    {
        var parts = totals[input];
        var (at, divisor) = (job.ScorePlace(0, input), (double)pairsEach * recipe.Rows);
        Write(parts[0], job.Scores, at, divisor);
        Write(parts[1], job.Positive, at, divisor);
        Write(parts[2], job.Negative, at, divisor);
        Write(parts[3], job.Multipliers, at, divisor);
        Write(parts[4], job.Hypothetical, at, divisor);
    }

    private static void Write(double[] sums, T* to, long at, double divisor)
    {
        for (var i = 0; to != null && i < sums.Length; i++)
            to[at + i] = T.CreateTruncating(sums[i] / divisor);
    }

    private T[] Finished(int input, T[] multipliers, T[] value) => recipe.Finish switch
    {
        Finish.TimesDifference => [.. multipliers.Select((m, i) =>
            T.CreateTruncating(Rows.Times(Wide(m), references[input].Average(x0 => Rows.Move(inputs[input][i], x0[i])))))],
        Finish.TimesInput => [.. multipliers.Select((m, i) => T.CreateTruncating(Rows.Times(Wide(m), Wide(inputs[input][i]))))],
        Finish.TimesValue => [.. multipliers.Select((m, i) => T.CreateTruncating(Rows.Times(Wide(m), Wide(value[i]))))],
        Finish.ChannelMeans or Finish.PositiveChannelMeans => ChannelMeans(multipliers, value),
        _ => multipliers,
    };

    private T[] ChannelMeans(T[] multipliers, T[] value)
    {
        var size = job.ScoreSize / recipe.Rows;
        var sums = new double[size];
        for (var start = 0; start < toSize; start += size)
        {
            var mean = multipliers.Skip(start).Take(size).Average(Wide);
            for (var i = 0; i < size; i++)
                sums[i] += mean * Wide(value[start + i]);
        }
        return [.. sums.Select(s => T.CreateTruncating(recipe.Finish == Finish.PositiveChannelMeans ? Math.Max(s, 0) : s))];
    }

    private T[] Form(in RowSpec spec, ReadOnlySpan<bool> mask)
    {
        var (x, row) = (inputs[Input(spec)], new T[job.InputSize]);
        var x0 = references[Input(spec)] is { Length: > 0 } given ? given[spec.Reference] : x;
        for (var i = 0; i < row.Length; i++)
        {
            var player = recipe.Groups is null ? i : recipe.Groups[i];
            row[i] = spec.Alpha == 1 ? x[i] : spec.Alpha == 0 ? x0[i]
                : T.CreateTruncating(Wide(x0[i]) + spec.Alpha * (Wide(x[i]) - Wide(x0[i])));
            if (recipe.IsMasked && player >= 0 && !mask[player])
                row[i] = x0[i];
        }
        Masks.Copy(net.Signature, x, row);
        if (spec.Fill == Fill.None)
            return row;
        var start = Sizes.Before(net.Signature.Inputs, spec.Box.Input);
        foreach (var run in spec.Box.RunsIn(net.Signature.Inputs[spec.Box.Input].Shape))
        {
            for (var element = run.Start; element < run.Start + run.Length; element++)
                row[start + element] = spec.Fill == Fill.Reference ? x0[start + element] : element == spec.Letter ? T.One : T.Zero;
        }
        return row;
    }

    private Answer Walked(in RowSpec spec, T[] row)
    {
        var (input, pass) = (Input(spec), recipe.Pass!.Value);
        var kept = new T[net.KeptSize(pass)];
        if (kept.Length > 0)
            net.Keep(pass, references[input][spec.Reference], kept, 1);
        var answer = new Answer(toSize, job.FromSize);
        var arguments = new BackwardArguments<T>
        {
            X = row, Rows = 1, ReferenceRows = 1, Kept = kept, From = job.From, Seed = seeds[input], SeedRows = 1, To = recipe.To,
            InjectAt = recipe.PlacedAt, Multipliers = answer.Multipliers, FromValue = answer.From,
        };
        if (recipe.PlacedAt >= 0)
        {
            var between = new T[toSize];
            Rows.Between(Value(references[input][spec.Reference], recipe.PlacedAt), Value(inputs[input], recipe.PlacedAt), spec.Alpha,
                between.AsSpan());
            arguments.Injected = between;
        }
        if (recipe.To >= 0)
            arguments.ToValue = answer.Value;
        if (Layout.Compares(pass))
        {
            arguments.NegativeMultipliers = answer.Negative;
            arguments.PositiveDelta = recipe.To >= 0 ? answer.Rise : default;
            arguments.NegativeDelta = recipe.To >= 0 ? answer.Fall : default;
        }
        if (recipe.Through is { } neuron)
            return Through(neuron, pass, arguments, answer);
        net.Backward(pass, ref arguments);
        return Layout.Compares(pass) ? answer : answer with { Negative = answer.Multipliers };
    }

    // To the neuron, and on from it alone.
    private Answer Through(Neuron neuron, Pass pass, BackwardArguments<T> arguments, Answer answer)
    {
        var size = net.Signature.Points[neuron.Point].Shape.Size;
        var (middle, only) = (new T[size], new T[size]);
        only[neuron.Unit] = T.One;
        var first = arguments;
        first.To = neuron.Point;
        first.Multipliers = middle;
        net.Backward(pass, ref first);
        arguments.From = neuron.Point;
        arguments.Seed = only;
        arguments.FromValue = default;
        net.Backward(pass, ref arguments);
        return answer with { Through = Wide(middle[neuron.Unit]) };
    }

    private T[] Value(T[] row, int point)
    {
        var value = new T[net.Signature.Points[point].Shape.Size];
        net.Forward(row, point, value, 1);
        return value;
    }

    private Weighed Weigh(T[] row, int input) => Rows.Weigh<T>(seeds[input], Value(row, job.From));

    private static double Wide(T value) => double.CreateTruncating(value);

    /// <summary>What one row's backward pass gives.</summary>
    private sealed record Answer(T[] Multipliers, T[] Negative, T[] Rise, T[] Fall, T[] Value, T[] From)
    {
        public Answer(int size, int from) : this(new T[size], new T[size], new T[size], new T[size], new T[size], new T[from])
        {
        }

        /// <summary>The multiplier of the neuron that all goes through.</summary>
        public double Through { get; init; } = 1;
    }
}
