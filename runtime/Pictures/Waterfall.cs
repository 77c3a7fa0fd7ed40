namespace Whence.Pictures;

/// <summary>One line of a <see cref="Waterfall"/>.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Score">What it adds.</param>
public sealed record WaterfallStep(string Name, double Score);

/// <summary>How the scores of one example lead from the reference's output, below, to the example's, above: SHAP's waterfall.</summary>
public sealed record Waterfall : Plot
{
    /// <summary>Where it begins: the target at the reference.</summary>
    public required double ReferenceOutput { get; init; }

    /// <summary>The steps from the top, the strongest first.</summary>
    public required IReadOnlyList<WaterfallStep> Steps { get; init; }

    /// <summary>The target at the example, where it is known; else where the steps lead.</summary>
    public double? Output { get; init; }

    /// <summary>The colours of what lowers and what raises the target.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>An explanation's strongest scores, and the sum of all others in the last line.</summary>
    /// <param name="why">The explanation, by a method that compares with a reference.</param>
    /// <param name="most">How many lines.</param>
    /// <param name="values">What was explained, as long as the scores; written before the names. May be empty.</param>
    /// <exception cref="ArgumentException">The method compares with no reference, or there are more or fewer values.</exception>
    public static Waterfall Of(Attribution why, int most = 10, ReadOnlySpan<float> values = default)
    {
        ArgumentNullException.ThrowIfNull(why);
        if (why.ReferenceOutput is not { } reference)
            throw new ArgumentException(
                $"A waterfall leads from the reference's output to the input's, and {why.Method} compares with none.", nameof(why));
        var names = Enumerable.Range(0, why.Scores.Length).Select(why.PlaceOf).ToList();
        return Of(why.Scores, values, names, reference, most) with
        {
            Output = why.Output,
            Title = $"{Explained.Words(why.Method)} of {why.Network}'s {why.Target}",
        };
    }

    /// <summary>The strongest scores, and the sum of all others in the last line.</summary>
    /// <param name="scores">At least one.</param>
    /// <param name="values">What the scores are of, as many; may be empty.</param>
    /// <param name="names">One for each score.</param>
    /// <param name="referenceOutput">The target at the reference.</param>
    /// <param name="most">How many lines.</param>
    /// <exception cref="ArgumentException">Lengths differ, or there is no line to draw.</exception>
    public static Waterfall Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> values, IReadOnlyList<string> names, double referenceOutput,
        int most = 10)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (scores.IsEmpty || names.Count != scores.Length || !values.IsEmpty && values.Length != scores.Length || most < 1)
            throw new ArgumentException("There is at least one score and one line, a name for each score, and a value for each or none, "
                + $"but there are {scores.Length} scores, {names.Count} names, {values.Length} values and {most} lines.", nameof(scores));
        var (all, shown) = (scores.ToArray(), values.ToArray());
        var order = Enumerable.Range(0, all.Length).OrderByDescending(i => Math.Abs(all[i])).ToList();
        var alone = order.Count <= most ? order : order[..(most - 1)];
        var steps = alone.Select(i => new WaterfallStep(NameOf(i), all[i])).ToList();
        if (alone.Count < order.Count)
            steps.Add(new($"{order.Count - alone.Count} others together", order.Skip(alone.Count).Sum(i => (double)all[i])));
        return new Waterfall { ReferenceOutput = referenceOutput, Steps = steps, Height = 120 + 26 * steps.Count };

        string NameOf(int i) => shown.Length == 0 ? names[i] : $"{ValueOf(shown[i])} = {names[i]}";
    }

    /// <summary>Where each bar begins, next to the reference, and where it ends.</summary>
    internal IReadOnlyList<(double From, double To)> Bars()
    {
        var bars = new (double From, double To)[Steps.Count];
        var at = ReferenceOutput;
        for (var i = Steps.Count - 1; i >= 0; i--)
            bars[i] = (at, at += Steps[i].Score);
        return bars;
    }

    internal override Canvas Draw()
    {
        if (Steps.Count == 0)
            throw new ArgumentException("A waterfall has at least one step, but has none.", nameof(Steps));
        RequireFinite(Steps.Select(step => step.Score).Append(ReferenceOutput).Append(Output ?? 0), "steps", nameof(Steps));
        var bars = Bars();
        var output = Output ?? bars[0].To;
        var ends = bars.SelectMany(bar => new[] { bar.From, bar.To }).Append(output).ToList();
        var room = 0.12 * (ends.Max() - ends.Min());
        var rows = Steps.Select(step => step.Name).Prepend("").Append("").ToList();
        var frame = Begin([.. ends, ends.Min() - room, ends.Max() + room], rows, []);
        Mark(frame, output, 0.5, $"output {Scale.Short(output)}", 0, rows.Count);
        Mark(frame, ReferenceOutput, rows.Count - 0.5, $"reference {Scale.Short(ReferenceOutput)}", rows.Count - 2, rows.Count);
        for (var i = 0; i < Steps.Count; i++)
            Draw(frame, bars[i], i);
        return frame.Canvas;
    }

    private static string ValueOf(float value) => float.IsNaN(value) ? "missing" : Scale.Short(value);

    private static void Mark(Frame frame, double at, double row, string text, double from, double to)
    {
        frame.Canvas.Line(frame.X[at], frame.Y[from], frame.X[at], frame.Y[to], Ink.Axis, dash: "3 3");
        var leftwards = frame.X[at] > (frame.Left + frame.Right) / 2;
        frame.Canvas.Text(frame.X[at] + (leftwards ? -5 : 5), frame.Y[row], text, leftwards ? "end" : "start", bold: true);
    }

    private void Draw(Frame frame, (double From, double To) bar, int step)
    {
        var (canvas, score) = (frame.Canvas, Steps[step].Score);
        var (middle, half) = (frame.Y[step + 1.5], 0.38 * (frame.Y[1] - frame.Y[0]));
        var (from, to) = (frame.X[bar.From], frame.X[bar.To]);
        var colour = score < 0 ? Palette.Negative : Palette.Positive;
        var head = Math.Min(Math.Abs(to - from), 8) * Math.Sign(score);
        canvas.Polygon(
            [(from, middle - half), (to - head, middle - half), (to, middle), (to - head, middle + half), (from, middle + half)],
            colour.ToString(), hint: $"{Steps[step].Name}: {Scale.Short(score)}, from {Scale.Short(bar.From)} to {Scale.Short(bar.To)}");
        if (step > 0)
            canvas.Line(to, middle - half, to, frame.Y[step + 0.5] + half, Ink.Axis, dash: "2 3");
        var text = (score > 0 ? "+" : "") + Scale.Short(score);
        if (Math.Abs(to - from) > Canvas.WidthOf(text, 11) + 14)
            canvas.Text((from + to) / 2, middle, text, "middle", 11, fill: Ink.Upon(colour));
        else
            canvas.Text(to + (score < 0 ? -5 : 5), middle, text, score < 0 ? "end" : "start", 11);
    }
}
