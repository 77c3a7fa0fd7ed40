namespace Whence;

using System.Runtime.CompilerServices;

internal unsafe partial struct Work<T>
{
    private readonly bool IsComplete => Score is Score.Integral or Score.LayerIntegral or Score.Conductance;

    /// <summary>The methods that sum gradients along the path from each reference to its input.</summary>
    private readonly void Along()
    {
        if (Points is not null)
        {
            Along(WholePath ? Points.InOrder : Points, Points.Alphas.Length);
            return;
        }
        var options = (PathOptions)Options;
        if (options.Tolerance is null)
            Along(PointsOf(options, options.Steps), options.Steps);
        else
            for (var input = 0; input < Count; input++)
                Slice(input, 1).Doubling(options, options.Tolerance.Value);
    }

    private readonly void Doubling(PathOptions options, double tolerance)
    {
        using var arena = Arena<T>.Enter();
        var before = arena.Take(ScoreSize);
        var sums = default(Completeness);
        var once = this;
        once.Sums = &sums;
        once.Options = Options.Default;
        once.Along(once.PointsOf(options, options.Steps), options.Steps);
        var converged = false;
        for (var steps = 2 * (long)options.Steps; !converged && steps <= options.MaxSteps; steps *= 2)
        {
            ScoreRow(0).CopyTo(before);
            once.Along(once.PointsOf(options, (int)steps), (int)steps);
            var change = Change(before, ScoreRow(0));
            var scale = sums.Magnitude + (IsComplete ? Math.Abs(sums.Output - sums.ReferenceOutput) : 0);
            converged = change <= tolerance * scale && !(sums.RelativeGap > tolerance);
        }
        if (options.RequireGap is { } allowed && sums.RelativeGap > allowed)
            throw new CompletenessException(sums, allowed, First);
        if (Sums != null)
            *Sums = sums with { Converged = converged };
    }

    // Captum's sum takes differences between neighbouring points, so n steps are n + 1 points.
    private readonly PathPoints PointsOf(PathOptions options, int steps) =>
        PathPoints.Of(options.Quadrature, Score == Score.Conductance && !WholePath ? checked(steps + 1) : steps);

    private static double Change(ReadOnlySpan<T> before, ReadOnlySpan<T> after)
    {
        var change = 0.0;
        for (var i = 0; i < before.Length; i++)
            change += Math.Abs(double.CreateTruncating(after[i]) - double.CreateTruncating(before[i]));
        return change;
    }

    // Rows are (input, reference, point), the point innermost; a chunk may begin and end amid a path.
    private readonly void Along(PathPoints points, int steps)
    {
        using var arena = Arena<T>.Enter();
        using var doubles = Arena<double>.Enter();
        var length = points.Alphas.Length;
        var total = (long)Count * Each * length;
        var chunk = (int)Math.Min(ChunkRows, total);
        var path = new Path(this, arena, doubles, points, chunk);
        using var measures = Arena<Weighed>.Enter();
        var outputs = measures.Take(Count);
        var referenceOutputs = measures.Take(Count);
        if (Score != Score.Interior)
            Outputs(outputs);
        if (IsComplete)
            ReferenceOutputs(referenceOutputs);
        for (var first = 0L; first < total; first += chunk)
        {
            var rows = (int)Math.Min(chunk, total - first);
            path.Walk(this, first, rows);
            for (var i = 0; i < rows; i++)
            {
                var (pair, point) = Math.DivRem(first + i, length);
                var (input, reference) = Math.DivRem((int)pair, Each);
                if (Score == Score.Interior)
                {
                    var scores = ScoreRow(input).Slice((int)point * ToSize, ToSize);
                    path.Multipliers(i).CopyTo(scores);
                    Record(input, (int)point, scores, Rows.Weigh(Seed(input), path.Value(i)), Weighed.None, false, 0);
                    continue;
                }
                path.Add(this, (int)pair, (int)point, i);
                if (point < length - 1 || !path.Finish(this, (int)pair, input, reference))
                    continue;
                Record(input, 0, ScoreRow(input), outputs[input], IsComplete ? referenceOutputs[input] : Weighed.None, IsComplete, steps);
            }
        }
    }

    /// <summary>The buffers of walks along paths, and the sums of the path under way.</summary>
    private ref struct Path
    {
        private readonly PathPoints points;
        private readonly Span<T> xs;
        private readonly Span<T> seeds;
        private readonly Span<T> multipliers;
        private readonly Span<T> values;
        private readonly Span<T> middle;
        private readonly Span<T> neuron;
        private readonly Span<T> injected;
        private readonly Span<T> ends;
        private readonly Span<T> starts;
        private readonly Span<T> pairRows;
        private readonly Span<T> lastMultipliers;
        private readonly Span<T> lastValues;
        private readonly bool wholePath;
        private readonly Span<double> sum;
        private readonly Span<double> total;
        private readonly int toSize;
        private readonly int valueSize;
        private int firstPair;

        public Path(in Work<T> work, in Arena<T> arena, in Arena<double> doubles, PathPoints points, int chunk)
        {
            this.points = points;
            toSize = work.ToSize;
            xs = arena.Take(checked(chunk * work.InputSize));
            seeds = work.PerInputSeeds ? arena.Take(checked(chunk * work.FromSize)) : default;
            multipliers = arena.Take(checked(chunk * toSize));
            valueSize = work.Score switch { Score.Interior => work.FromSize, Score.Conductance => toSize, _ => 0 };
            values = arena.Take(checked(chunk * valueSize));
            wholePath = work.WholePath;
            if (work.Score == Score.Conductance)
            {
                lastMultipliers = arena.Take(toSize);
                lastValues = arena.Take(toSize);
            }
            if (wholePath)
            {
                starts = arena.Take(checked(chunk * toSize));
                pairRows = arena.Take(checked(chunk * work.InputSize));
            }
            if (work.Score == Score.NeuronConductance)
            {
                var layer = Sizes.Of(work.Net.Signature.Points[work.Layer].Shape);
                middle = arena.Take(checked(chunk * layer));
                neuron = arena.TakeClear(layer);
                neuron[work.Unit] = T.One;
            }
            if (work.Score == Score.LayerIntegral)
            {
                injected = arena.Take(checked(chunk * toSize));
                ends = arena.Take(checked(chunk * toSize));
                starts = arena.Take(checked(chunk * toSize));
                pairRows = arena.Take(checked(chunk * work.InputSize));
            }
            sum = doubles.Take(toSize);
            total = doubles.Take(toSize);
        }

        public readonly ReadOnlySpan<T> Multipliers(int row) => multipliers.Slice(row * toSize, toSize);

        public readonly ReadOnlySpan<T> Value(int row) => values.Slice(row * valueSize, valueSize);

        public void Walk(in Work<T> work, long first, int rows)
        {
            if (wholePath)
                Cut(work, first, rows);
            if (work.Score == Score.LayerIntegral)
                Enclose(work, first, rows);
            Walk(work, first, 0, rows, inside: false);
            // Of an integral, a point at an end of the path where a slope is infinite is taken in the middle of the stretch it stands for.
            for (var i = 0; i < rows && (wholePath || work.Score is not (Score.Interior or Score.Conductance)); i++)
            {
                var point = (int)((first + i) % points.Alphas.Length);
                if (points.Alphas[point] is 0 or 1 && IsInfinite(work, i))
                    Walk(work, first + i, i, 1, inside: true);
            }
        }

        private readonly bool IsInfinite(in Work<T> work, int row) => Rows.FirstNonFinite(Multipliers(row)) >= 0
            || work.Score == Score.NeuronConductance && !T.IsFinite(middle[row * neuron.Length + work.Unit]);

        // The walks of some rows of the chunk, from a row on.
        private readonly void Walk(in Work<T> work, long first, int row, int rows, bool inside)
        {
            var length = points.Alphas.Length;
            var xs = this.xs[(row * work.InputSize)..];
            var multipliers = this.multipliers[(row * toSize)..];
            var values = this.values[(row * valueSize)..];
            var middle = this.middle[(row * neuron.Length)..];
            if (work.Score == Score.LayerIntegral)
                Inject(work, first, row, rows, inside);
            else
                Place(work, first, row, rows, inside);
            var perInput = work.PerInputSeeds;
            if (perInput)
            {
                for (var i = 0; i < rows; i++)
                    work.Seed((int)((first + i) / length / work.Each)).CopyTo(seeds.Slice(i * work.FromSize, work.FromSize));
            }
            var walk = new Walk<T>
            {
                X = xs[..(rows * work.InputSize)], Rows = rows, ReferenceRows = 1, From = work.From,
                Seed = perInput ? seeds[..(rows * work.FromSize)] : work.Seed(0), SeedRows = perInput ? rows : 1,
                To = work.To, InjectAt = -1, Multipliers = multipliers[..(rows * toSize)],
            };
            if (work.Score == Score.LayerIntegral)
            {
                walk.InjectAt = work.To;
                walk.Injected = injected.Slice(row * toSize, rows * toSize);
            }
            else if (work.Score == Score.Conductance && !wholePath)
            {
                walk.ToValue = values[..(rows * valueSize)];
            }
            else if (work.Score == Score.Interior)
            {
                walk.FromValue = values[..(rows * valueSize)];
            }
            else if (work.Score == Score.NeuronConductance)
            {
                walk.To = work.Layer;
                walk.Multipliers = middle[..(rows * neuron.Length)];
                work.Net.Walk(work.Flow, ref walk);
                walk = new Walk<T>
                {
                    X = xs[..(rows * work.InputSize)], Rows = rows, ReferenceRows = 1, From = work.Layer, Seed = neuron, SeedRows = 1,
                    To = -1, InjectAt = -1, Multipliers = multipliers[..(rows * toSize)],
                };
            }
            work.Net.Walk(work.Flow, ref walk);
        }

        // Adds one point of a path to the path's sum.
        public readonly void Add(in Work<T> work, int pair, int point, int row)
        {
            if (point == 0)
                sum.Clear();
            switch (work.Score)
            {
                case Score.Conductance when wholePath:
                    AddPiece(pair, point, row);
                    break;
                case Score.Conductance:
                    AddMove(point, row);
                    break;
                case Score.NeuronConductance:
                    Rows.AddScaled(sum, Multipliers(row),
                        points.Weights[point] * double.CreateTruncating(middle[row * neuron.Length + work.Unit]));
                    break;
                default:
                    Rows.AddScaled(sum, Multipliers(row), points.Weights[point]);
                    break;
            }
        }

        // Ends a path; at an input's last reference writes its scores and says so.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly bool Finish(in Work<T> work, int pair, int input, int reference)
        {
            if (reference == 0)
                total.Clear();
            switch (work.Score)
            {
                case Score.Integral or Score.NeuronConductance:
                    AddTimes(work.Input(input), work.Reference(pair));
                    break;
                case Score.LayerIntegral:
                    AddTimes(ends.Slice((pair - firstPair) * toSize, toSize), starts.Slice((pair - firstPair) * toSize, toSize));
                    break;
                default:
                    Rows.AddScaled<double>(total, sum, 1);
                    break;
            }
            if (reference < work.Each - 1)
                return false;
            var scores = work.ScoreRow(input);
            for (var i = 0; i < scores.Length; i++)
                scores[i] = T.CreateTruncating(total[i] / work.Each);
            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void AddTimes(ReadOnlySpan<T> end, ReadOnlySpan<T> start)
        {
            for (var i = 0; i < total.Length; i++)
                total[i] += Rows.Times(sum[i], Rows.Move(end[i], start[i]));
        }

        // The gradient at a point times the layer's move over the point's piece of the path.
        private readonly void AddPiece(int pair, int point, int row)
        {
            var end = Value(row);
            var start = point == 0 ? starts.Slice((pair - firstPair) * toSize, toSize) : lastValues;
            var gradient = Multipliers(row);
            for (var i = 0; i < sum.Length; i++)
                sum[i] += Rows.Times(double.CreateTruncating(gradient[i]), Rows.Move(end[i], start[i]));
            end.CopyTo(lastValues);
        }

        // The gradient at a point times the layer's move to the next (Captum's LayerConductance).
        private readonly void AddMove(int point, int row)
        {
            var value = Value(row);
            for (var i = 0; point > 0 && i < sum.Length; i++)
                sum[i] += Rows.Times(double.CreateTruncating(lastMultipliers[i]), Rows.Move(value[i], lastValues[i]));
            Multipliers(row).CopyTo(lastMultipliers);
            value.CopyTo(lastValues);
        }

        private readonly double Alpha(int point, bool inside) => inside ? points.Inside(point) : points.Alphas[point];

        private static void Between(in Work<T> work, long pair, double alpha, Span<T> row) =>
            Held.Between(work.Net.Signature, work.Reference((int)pair), work.Input((int)pair / work.Each), alpha, row);

        private readonly void Place(in Work<T> work, long first, int row, int rows, bool inside)
        {
            for (var i = 0; i < rows; i++)
            {
                var (pair, point) = Math.DivRem(first + i, points.Alphas.Length);
                Between(work, pair, Alpha((int)point, inside), xs.Slice((row + i) * work.InputSize, work.InputSize));
            }
        }

        // The layer's values where the pieces of these rows end, and where the paths that begin among these rows begin.
        private void Cut(in Work<T> work, long first, int rows)
        {
            var length = points.Alphas.Length;
            for (var i = 0; i < rows; i++)
            {
                var (pair, point) = Math.DivRem(first + i, length);
                Between(work, pair, points.Cuts[(int)point + 1], xs.Slice(i * work.InputSize, work.InputSize));
            }
            work.Net.Forward(xs[..(rows * work.InputSize)], work.To, values[..(rows * toSize)], rows);
            firstPair = (int)((first + length - 1) / length);
            var pairs = (int)((first + rows - 1) / length) - firstPair + 1;
            if (pairs > 0)
                work.Net.Forward(work.PairReferences(firstPair, pairs, pairRows), work.To, starts[..(pairs * toSize)], pairs);
        }

        // The layer's values between which the path runs: at the reference and at the input.
        private void Enclose(in Work<T> work, long first, int rows)
        {
            var length = points.Alphas.Length;
            firstPair = (int)(first / length);
            var pairs = (int)((first + rows - 1) / length) - firstPair + 1;
            work.Net.Forward(work.PairInputs(firstPair, pairs, pairRows), work.To, ends[..(pairs * toSize)], pairs);
            work.Net.Forward(work.PairReferences(firstPair, pairs, pairRows), work.To, starts[..(pairs * toSize)], pairs);
        }

        // The rest of the network sees the input.
        private readonly void Inject(in Work<T> work, long first, int row, int rows, bool inside)
        {
            for (var i = 0; i < rows; i++)
            {
                var (pair, point) = Math.DivRem(first + i, points.Alphas.Length);
                var at = ((int)pair - firstPair) * toSize;
                work.Input((int)pair / work.Each).CopyTo(xs.Slice((row + i) * work.InputSize, work.InputSize));
                Rows.Between(starts.Slice(at, toSize), ends.Slice(at, toSize), Alpha((int)point, inside),
                    injected.Slice((row + i) * toSize, toSize));
            }
        }
    }
}
