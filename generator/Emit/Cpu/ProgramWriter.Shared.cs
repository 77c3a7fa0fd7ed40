using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>
/// What a large network's programs have many times but for names and numbers, a block or a convolution's way back, is written as one
/// method.
/// </summary>
internal sealed partial class ProgramWriter
{
    // A program of fewer steps reads better one after the other, and is run so fast that calls would count.
    private const int StepsToShare = 64;

    // Parts that are shared may be a little longer than others: a block stays in one piece.
    private const int StepsInShared = 24;

    // The calls of shared parts, with what they are given, end before this column, however deep they stand.
    private const int CallColumns = 116;

    private List<(IReadOnlyList<(Step Step, int Index)> Steps, Frame Frame)>? met;
    private Queue<IReadOnlyList<Chunk>>? chunked;

    /// <summary>Steps that make one part, and the method that they share with others.</summary>
    private sealed record Chunk(List<(Step Step, int Index)> Steps, SharedPart? Shared = null, int Place = 0);

    private bool IsLong => dialect == Dialect.Cpu
        && plan.Run.Steps.Count + (plan.Keep?.Steps.Count ?? 0) + (plan.End?.Steps.Count ?? 0) >= StepsToShare;

    /// <summary>
    /// Writes a program: twice if it is long, since how its first steps are written depends on whether later ones are the same.
    /// </summary>
    private void WriteShared(SourceWriter to, Action<SourceWriter> write)
    {
        if (IsLong)
        {
            met = [];
            write(new SourceWriter(to));
            chunked = Share(met);
            met = null;
        }
        write(to);
        chunked = null;
    }

    private Queue<IReadOnlyList<Chunk>> Share(List<(IReadOnlyList<(Step Step, int Index)> Steps, Frame Frame)> sequences)
    {
        var items = sequences.Select(sequence => (IReadOnlyList<Repeats.Item>)sequence.Steps.Select(pair => Item(pair, sequence.Frame))
            .ToList()).ToList();
        var starts = Repeats.Of(items, StepsInShared).ToDictionary(stretch => (stretch.Sequence, stretch.At), stretch => stretch.Length);
        var shared = new Dictionary<(int, int), (SharedPart Part, int Place)>();
        var texts = starts.Keys.OrderBy(start => start).Select(start => (Start: start, Text: TextOf(
            sequences[start.Sequence].Steps.Skip(start.At).Take(starts[start]).ToList(), sequences[start.Sequence].Frame)));
        foreach (var same in texts.GroupBy(pair => sequences[pair.Start.Sequence].Frame.Parameters + pair.Text.Pattern(calls.TypeOf)))
        {
            var places = same.ToList();
            var part = new SharedPart(places.Select(place => place.Text).ToList(), calls.TypeOf);
            for (var i = 0; i < places.Count && places.Count > 1; i++)
                shared[places[i].Start] = (part, i);
        }
        return new Queue<IReadOnlyList<Chunk>>(sequences.Select((sequence, i) =>
            (IReadOnlyList<Chunk>)Cut(sequence.Steps, i, starts, shared).ToList()));
    }

    private static IEnumerable<Chunk> Cut(IReadOnlyList<(Step Step, int Index)> steps, int sequence,
        Dictionary<(int, int), int> starts, Dictionary<(int, int), (SharedPart Part, int Place)> shared)
    {
        var rest = new List<(Step Step, int Index)>();
        for (var at = 0; at < steps.Count;)
        {
            var isShared = shared.TryGetValue((sequence, at), out var own);
            if (rest.Count == StepsInPart || rest.Count > 0 && (isShared || rest[0].Step.Scan != steps[at].Step.Scan))
            {
                yield return new Chunk(rest);
                rest = [];
            }
            if (isShared)
            {
                var length = starts[(sequence, at)];
                yield return new Chunk(steps.Skip(at).Take(length).ToList(), own.Part, own.Place);
                at += length;
                continue;
            }
            rest.Add(steps[at++]);
        }
        if (rest.Count > 0)
            yield return new Chunk(rest);
    }

    private Repeats.Item Item((Step Step, int Index) pair, Frame frame)
    {
        // A scan is a loop already.
        if (pair.Step.Scan is not null)
            return new Repeats.Item([], _ => "", 0) { IsAlone = true };
        var to = SourceWriter.Unbroken();
        WriteStep(to, pair.Step, pair.Index, frame);
        var values = pair.Step.From.Append(pair.Step.To).GroupBy(value => value.Name).ToDictionary(same => same.Key, same => same.First());
        var text = new PartText(to.ToString(), values.Keys, calls.TypeOf);
        var words = text.Words.SelectMany(line => line).Where(word => !string.IsNullOrWhiteSpace(word.Text)).ToList();
        return new Repeats.Item(words, word => KindOf(word, values), text.Lines.Sum(line => line.Length + 13));
    }

    private string KindOf(Word word, Dictionary<string, PlannedValue> values) => word.Kind switch
    {
        WordKind.Local => $"\u0001{values[word.Text].Storage} {values[word.Text].Moves} {plan.Run.IsBack(values[word.Text])}",
        WordKind.Field => $"\u0002{calls.TypeOf(word.Text)}",
        WordKind.Number => "\u0003",
        WordKind.Quoted => "\u0004",
        _ => word.Text,
    };

    private PartText TextOf(List<(Step Step, int Index)> steps, Frame frame)
    {
        var to = SourceWriter.Unbroken();
        WritePart(to, steps, frame with { IsShared = true });
        return new PartText(to.ToString(), [], calls.TypeOf);
    }

    // The lines of a shared part's call. What it makes is said over it.
    private IEnumerable<string> Call(Chunk chunk, string name, Frame frame)
    {
        var part = chunk.Shared!;
        if (part.Name is null)
        {
            part.Name = name;
            parts.Add((name, chunk, frame));
        }
        var line = "// " + string.Join(", ", Made(chunk.Steps));
        yield return line.Length <= CallColumns
            ? line
            : line.Substring(0, line.LastIndexOf(", ", CallColumns, StringComparison.Ordinal)) + " ...";
        line = $"{part.Name}({frame.Arguments}";
        foreach (var argument in part.Arguments(chunk.Place))
        {
            if (line.Length + argument.Length + 4 > CallColumns)
            {
                yield return line + ",";
                line = "    " + argument;
                continue;
            }
            line += ", " + argument;
        }
        yield return line + ");";
    }

    // Layers' values, or the last where there is none.
    private static IEnumerable<string> Made(List<(Step Step, int Index)> steps)
    {
        var layers = steps.Select(pair => pair.Step).Where(step => step is ConvolutionStep or DenseStep or FusedStep)
            .Select(step => step.To.Name).Distinct().ToList();
        return layers.Count > 0 ? layers : [steps[^1].Step.To.Name];
    }

    private static void WriteSharedPart(SourceWriter to, SharedPart part, string name, Frame frame)
    {
        to.Summary($"Called {part.Places} times, and named as it is at first.");
        to.Statement($"private void {name}({frame.Parameters}{part.Parameters})");
        to.Block("", () => part.Write(to));
    }
}
