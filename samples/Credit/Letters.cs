using Whence;
using Whence.Reasons;

namespace Credit;

/// <summary>Answers' reasons as letters, in the words of words.csv. Immutable.</summary>
internal sealed class Letters
{
    private const int Reasons = 4;

    private static readonly Letter letter = new()
    {
        Title = "Statement of reasons",
        Sender = ["The laboratory"],
        Closing =
        [
            "These are the measurements that count most for the network's answer about this sample; a pathologist judges it. Ask us for "
                + "the record of this statement, which has every measurement's part in it.",
        ],
    };

    private readonly Assessor assessor;
    private readonly ReasonPolicy[] policies;

    private Letters(Assessor assessor, IReadOnlyList<ReasonWords> words, Provenance provenance)
    {
        this.assessor = assessor;
        // One target, the log-odds of malignant: what raises them are the reasons for this answer, what lowers them those for the other.
        policies = Array.ConvertAll([ReasonDirection.Raises, ReasonDirection.Lowers], direction => new ReasonPolicy(
            assessor.Network.Signature, words, $"{assessor.Population.Each} samples of known tumours, drawn from the training rows",
            provenance, new() { Count = Reasons, Direction = direction, TargetWords = "log-odds that the tumour is malignant" }));
    }

    /// <summary>Reads the network, its data and the words.</summary>
    /// <exception cref="InvalidDataException">A file has other columns than the network, or in another order.</exception>
    /// <exception cref="ArgumentException">A measurement has no words.</exception>
    public static Letters Load(string folder)
    {
        var assessor = Assessor.Load(folder);
        var provenance = Provenance.Of(assessor.Network, Path.Combine(folder, "tumour.safetensors"));
        return new(assessor, Words(Path.Combine(folder, "words.csv")), provenance);
    }

    private static List<ReasonWords> Words(string path) => [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',') switch
    {
        [var measurement, var name, var benign, var malignant] => new ReasonWords(measurement, benign, malignant) { Name = name },
        _ => throw new InvalidDataException($"{path}: a line has a measurement, its name, and the words for both answers: {line}"),
    })];

    /// <summary>What the network says of a row, and why.</summary>
    /// <exception cref="CompletenessException">The reasons do not add up, so they are not told.</exception>
    public StatementOfReasons State(double[] row, string subject, DateOnly date)
    {
        var x = Assessor.Row(row);
        return policies[assessor.Answer(x)].State(assessor.Explain(x, Assessor.TargetOf(0)), x, date, subject);
    }

    /// <summary>Writes letter.html, letter.txt and reasons.json.</summary>
    public StatementOfReasons Save(double[] row, string subject, DateOnly date, string folder)
    {
        var told = State(row, subject, date);
        var own = letter with
        {
            Opening = [$"The network takes this sample for {Assessor.Answers[told.Output >= 0 ? 0 : 1]}."],
        };
        File.WriteAllText(Path.Combine(folder, "letter.html"), own.ToHtml(told));
        File.WriteAllText(Path.Combine(folder, "letter.txt"), own.ToText(told));
        File.WriteAllText(Path.Combine(folder, "reasons.json"), told.ToJson());
        return told;
    }
}
