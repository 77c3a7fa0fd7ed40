using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Whence.Reasons;

namespace Whence.Data.Tests;

/// <summary>Statements of reasons, of a table with a one-hot column, and the letters that tell them.</summary>
public sealed class ReasonTests
{
    private static readonly PersonNet net = Known();
    private static readonly float[] person = [61, 0, 1, 18, 0];
    private static readonly float[] population = [40, 1, 0, 30, 0, 35, 0, 1, 50, 0, 52, 1, 0, 43, 0];
    private static readonly Target target = Target.Difference(0, 1);
    private static readonly DateOnly date = new(2026, 3, 9);
    private static readonly Provenance provenance = new("PersonNet", "ab", "1.0", "cd", "0.2", 256);

    private static readonly ReasonWords[] words =
    [
        new("income", "Income is low", "Income is high") { Name = "Yearly income", Code = "R2", Format = "#,##0.0 'kEUR'" },
        new("age", "Age speaks against it", "Age speaks for it"),
        new("colour", "The colour chosen"),
    ];

    // Age and income raise the first output, the colour blue lowers it, and a unit takes age and income together.
    private static PersonNet Known()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (new double[30], new double[18]);
        for (var i = 0; i < 5; i++)
            first[6 * i] = 1;
        (first[25], first[28]) = (1, -1.5);
        double[] weights = [0.5, 0.2, -3, 1, 0, 0.4];
        weights.CopyTo(second, 0);
        Weights.Save(folder.At("known.safetensors"), new Dictionary<string, Tensor>
        {
            ["fc1.weight"] = new(new Shape(6, 5), first), ["fc1.bias"] = new(new Shape(6), new double[6]),
            ["fc2.weight"] = new(new Shape(3, 6), second), ["fc2.bias"] = new(new Shape(3), [0, 0, 0]),
        });
        return PersonNet.Load(folder.At("known.safetensors"));
    }

    private static ReasonPolicy Policy(ReasonOptions? options = null) => new(net.Signature, words, "three people we know", provenance,
        options ?? new ReasonOptions { Count = 3, Direction = ReasonDirection.Both });

    private static Attribution Why() => net.DeepLift(person, target, Rule.Rescale, References.Several(population, 3));

    [Fact]
    public void EveryNumberIsTheExplanations()
    {
        var why = Why();
        var told = Policy().State(why, person, date, "case 7");
        var scores = new Dictionary<string, double>
        {
            ["age"] = why.Scores[0], ["colour"] = (double)why.Scores[1] + why.Scores[2] + why.Scores[4], ["income"] = why.Scores[3],
        };
        Assert.Equal(["age", "colour", "income"], told.Groups.Select(group => group.Feature));
        Assert.All(told.Groups, group => Assert.Equal(scores[group.Feature], group.Score, 15));
        Assert.Equal(scores.OrderByDescending(one => Math.Abs(one.Value)).Select(one => one.Key), told.Reasons.Select(one => one.Feature));
        Assert.All(told.Reasons, one => Assert.Equal(scores[one.Feature], one.Score, 15));
        Assert.All(told.Reasons, one => Assert.Equal(Math.Abs(one.Score) / scores.Values.Sum(Math.Abs), one.Share, 12));
        Assert.Equal([1, 2, 3], told.Reasons.Select(one => one.Rank));
        Assert.Equal((why.Output, why.ReferenceOutput!.Value, why.Gap!.Value, why.RelativeGap!.Value),
            (told.Output, told.ReferenceOutput, told.Gap, told.RelativeGap));
        Assert.Equal(told.Output, told.ReferenceOutput + told.Reasons.Sum(one => one.Score) + told.Others + told.Gap, 12);
        Assert.Equal(("DeepLift", "Rescale", 1e-4, "case 7", date),
            (told.Method, told.Rule, told.Tolerance, told.Subject, told.Date));
        Assert.Equal(provenance, told.Provenance);
    }

    [Fact]
    public void WordsFollowTheDirection()
    {
        foreach (var direction in new[] { ReasonDirection.Lowers, ReasonDirection.Raises })
        {
            var told = Policy(new() { Count = 3, Direction = direction }).State(Why(), person, date);
            var sign = direction == ReasonDirection.Lowers ? -1 : 1;
            Assert.All(told.Reasons, one => Assert.Equal(sign, Math.Sign(one.Score)));
            Assert.Equal(told.Groups.Count(group => Math.Sign(group.Score) == sign), told.Reasons.Count);
            Assert.Equal(1, told.Reasons.Sum(one => one.Share), 12);
            foreach (var one in told.Reasons.Where(one => one.Feature == "income"))
                Assert.Equal(("R2", sign < 0 ? "Income is low" : "Income is high"), (one.Code, one.Words));
        }
        var both = Policy().State(Why(), person, date);
        Assert.Contains(both.Reasons, one => one.Score < 0);
        Assert.Contains(both.Reasons, one => one.Score > 0);
    }

    [Fact]
    public void ThePopulationIsDescribed()
    {
        var told = Policy().State(Why(), person, date);
        var bytes = new byte[4 * population.Length];
        for (var i = 0; i < population.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), population[i]);
        Assert.Equal(new ReferencePopulation("three people we know", 3, Convert.ToHexStringLower(SHA256.HashData(bytes))),
            told.Population);
        Assert.Equal((61f, "61", 127.0 / 3, "42.3333"), Values(told, "age"));
        Assert.Equal((18f, "18.0 kEUR", 41.0, "41.0 kEUR"), Values(told, "income"));
        Assert.Equal((null, "blue", null, "red (67%)"), Values(told, "colour"));
        var zeros = Policy().State(net.DeepLift(person, target, Rule.Rescale), person, date);
        Assert.Equal((1, "none of these (100%)"), (zeros.Population.Rows, zeros.Groups[1].TypicalText));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static (float? Value, string Text, double? Typical, string TypicalText) Values(StatementOfReasons told, string feature)
    {
        var group = told.Groups.Single(group => group.Feature == feature);
        return (group.Value, group.ValueText, group.Typical, group.TypicalText);
    }

    [Fact]
    public void TheSameInputGivesTheSameBytes()
    {
        var before = CultureInfo.CurrentCulture;
        var (one, letter) = (Policy().State(Why(), person, date, "case 7"), new Letter { Sender = ["A bank"], Opening = ["We said no."] });
        try
        {
            // A culture with other separators: of no account.
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            var other = Policy().State(Why(), person, date, "case 7");
            Assert.Equal(one.ToJson(), other.ToJson());
            Assert.Equal(letter.ToHtml(one), letter.ToHtml(other));
            Assert.Equal(letter.ToText(one), letter.ToText(other));
            Assert.Equal(one, other);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.DoesNotContain('\r', one.ToJson() + letter.ToHtml(one) + letter.ToText(one));
    }

    [Fact]
    public void TheJsonIsReadBackAndHasTheDocumentedSchema()
    {
        var told = Policy().State(Why(), person, date, "case \"7\" <&>");
        Assert.Equal(told, StatementOfReasons.FromJson(told.ToJson()));
        using var json = JsonDocument.Parse(told.ToJson());
        Assert.Equal("2026-03-09", json.RootElement.GetProperty("date").GetString());
        Assert.Equal("Both", json.RootElement.GetProperty("direction").GetString());
        Assert.Equal(told.Reasons[0].Score, json.RootElement.GetProperty("reasons")[0].GetProperty("score").GetDouble());
        var committed = Path.Combine(Folder(), "..", "..", "runtime", "Reasons", "statement.schema.json");
        if (Environment.GetEnvironmentVariable("WHENCE_ACCEPT") == "1")
            File.WriteAllText(committed, StatementOfReasons.JsonSchema);
        Assert.Equal(File.ReadAllText(committed), StatementOfReasons.JsonSchema);
        var schema = JsonNode.Parse(StatementOfReasons.JsonSchema)!;
        Assert.Equal(json.RootElement.EnumerateObject().Select(one => one.Name),
            schema["properties"]!.AsObject().Select(one => one.Key));
        Described(schema);
        Assert.Equal(schema["properties"]!.AsObject().Select(one => one.Key),
            schema["required"]!.AsArray().Select(one => one!.GetValue<string>()));
    }

    // At every depth.
    private static void Described(JsonNode schema)
    {
        foreach (var (name, of) in schema["properties"]?.AsObject() ?? [])
        {
            Assert.True(of!["description"] is not null, $"{name} is not described.");
            Described(of);
            if (of["items"] is { } items)
                Described(items);
        }
    }

    [Theory]
    [InlineData("", "no statement of reasons")]
    [InlineData("null", "has \"\"")]
    [InlineData("{}", "no statement of reasons")]
    [InlineData("[1]", "no statement of reasons")]
    public void WhatIsNoStatementIsRefused(string json, string why) =>
        Assert.Contains(why, Assert.Throws<InvalidDataException>(() => StatementOfReasons.FromJson(json)).Message);

    [Fact]
    public void AnotherFormIsRefused()
    {
        var json = Policy().State(Why(), person, date).ToJson().Replace("reasons/1", "reasons/2", StringComparison.Ordinal);
        Assert.Contains("reasons/2", Assert.Throws<InvalidDataException>(() => StatementOfReasons.FromJson(json)).Message);
    }

    [Fact]
    public void TheLetterTellsTheReasonsAndTheirAccount()
    {
        var told = Policy().State(Why(), person, date, "case 7", ["income"]);
        var letter = new Letter
        {
            Title = "Why we said no", Sender = ["A & B bank"], Recipient = ["Ms <x>"], Opening = ["We did not grant the loan."],
            Closing = ["Write to us."],
        };
        var page = XDocument.Parse(letter.ToHtml(told).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img");
        Assert.Equal(told.Reasons.Select(reason => (reason.Code.Length > 0 ? reason.Code + ": " : "") + reason.Words),
            page.Descendants("li").Select(item => item.Element("strong")!.Value));
        Assert.Contains("Yours: not given, 18.0 kEUR was taken; typical of those compared with: 41.0 kEUR",
            page.Descendants("li").Select(item => item.Element("span")!.Value));
        var rows = page.Descendants("tbody").Single().Elements()
            .Select(row => row.Elements().Select(cell => cell.Value).ToArray()).ToList();
        Assert.Equal(told.Groups.Select(group => group.Score.ToString("G6", CultureInfo.InvariantCulture)), rows.Select(row => row[^1]));
        var text = letter.ToText(told);
        foreach (var fact in new[] { provenance.WeightsHash, told.Population.Sha256, "256 bits", "2026-03-09", "A & B bank", "Ms <x>" })
        {
            Assert.Contains(fact, page.Root!.Value);
            Assert.Contains(fact, text);
        }
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 78 || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
        var short1 = letter with { ShowAccount = false, ShowValues = false };
        Assert.DoesNotContain(provenance.NetworkHash + "\n", short1.ToText(told));
        Assert.DoesNotContain("Yours", short1.ToHtml(told));
        Assert.DoesNotContain("<section>", short1.ToHtml(told));
    }

    [Fact]
    public void AMissingValueIsSaid() => Assert.Equal([false, false, true],
        Policy().State(Why(), person, date, missing: ["income"]).Groups.Select(group => group.IsMissing));

    [Fact]
    public void GroupsOfTheUsersOwnAndMethodsAboutGroups()
    {
        var groups = new FeatureGroups([0, 1, 1, 0, 1]) { Names = ["means", "taste"] };
        var policy = new ReasonPolicy(net.Signature, [new("taste", "t"), new("means", "m")], "three", provenance,
            new() { Count = 2, Direction = ReasonDirection.Both, Groups = groups });
        var why = net.ShapleyValues(person, target, References.Several(population, 3), groups);
        var told = policy.State(why, person, date);
        Assert.Equal(why.Scores.ToArray().Select(score => (double)score), told.Groups.Select(group => group.Score));
        Assert.Equal(("", "blue"), (told.Groups[0].ValueText, told.Groups[1].ValueText));
        Assert.Null(told.Groups[0].Value);
        var lifted = policy.State(Why(), person, date);
        Assert.Equal(Why().SumBy(groups), lifted.Groups.Select(group => group.Score));
    }

    [Fact]
    public void TheProvenanceIsOfTheFileAndTheNetwork()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "w.bin");
        File.WriteAllText(path, "weights");
        var own = Provenance.Of(net, path);
        Assert.Equal(("PersonNet", Convert.ToHexStringLower(SHA256.HashData("weights"u8))), (own.Network, own.WeightsHash));
        Assert.Contains(own.VectorBits, new[] { 128, 256, 512 });
        Assert.NotEmpty(own.WhenceVersion);
        Assert.NotEqual(own.NetworkHash, Provenance.Of(ImageNet.Load(Weights.Random(1)), path).NetworkHash);
        var (other, same) = (OtherNets.PersonNet.Load(Weights.Random(1)), PersonNet.Load(Weights.Random(2)));
        Assert.Equal(net.Signature.Points, other.Signature.Points);
        Assert.Equal(own.Network, other.Signature.Name);
        Assert.NotEqual(own.NetworkHash, Provenance.Of(other, path).NetworkHash);
        Assert.Equal(own, Provenance.Of(same, path));
        Assert.Equal(own, Provenance.Of(net, new MemoryStream("weights"u8.ToArray())));
    }

    [Fact]
    public void AWrongPolicyIsRefusedWhenItIsMade()
    {
        void Refuses(string why, ReasonWords[]? said = null, ReasonOptions? options = null, string who = "three",
            Provenance? of = null) =>
            Assert.Contains(why, Assert.Throws<ArgumentException>(() =>
                new ReasonPolicy(net.Signature, said ?? words, who, of ?? provenance, options ?? new() { Count = 3 })).Message);

        Refuses("There are no words for \"colour\"", words[..2]);
        Refuses("words for \"colour=red\", but no such group of features; the groups are \"age\", \"colour\", \"income\"",
            [.. words, new("colour=red", "red")]);
        Refuses("words for \"age\" twice", [.. words, new("age", "x")]);
        Refuses("those of \"age\" are empty", [new("age", "x", " "), .. words]);
        Refuses("is no format of a number", [new("age", "x") { Format = "Q" }, .. words]);
        Refuses("each of the 3 groups, but 4", options: new());
        Refuses("each of the 3 groups, but 0", options: new() { Count = 0 });
        Refuses("The tolerance is at least 0", options: new() { Count = 1, Tolerance = double.NaN });
        Refuses("The tolerance is at least 0", options: new() { Count = 1, Direction = (ReasonDirection)7 });
        Refuses("Groups have names", options: new() { Count = 1, Groups = new FeatureGroups([0, 1, 1, 0, 1]) });
        Refuses("takes 5 numbers, but the groups are of 2", options: new() { Count = 1, Groups = new([0, 0]) { Names = ["a"] } });
        Refuses("Say who the references are", who: " ");
        Refuses("the provenance is of Other", of: provenance with { Network = "Other" });
    }

    [Fact]
    public void AWrongExplanationIsRefused()
    {
        var policy = Policy();
        Assert.Contains("takes 5 numbers, but x has 4",
            Assert.Throws<ArgumentException>(() => policy.State(Why(), person.AsSpan(1), date)).Message);
        Assert.Contains("\"shoe size\" is said to be missing",
            Assert.Throws<ArgumentException>(() => policy.State(Why(), person, date, "", ["shoe size"])).Message);
        Assert.Contains("promises no sum of scores",
            Assert.Throws<InvalidOperationException>(() => policy.State(net.Gradient(person, target), person, date)).Message);
        var masked = MaskedNet.Load(Weights.Random(1));
        var rough = masked.IntegratedGradients([1, 2, 1, 1], Target.Unit(0), References.One([9f, 9, 1, 1]),
            new PathOptions { Steps = 1, Quadrature = Quadrature.Left });
        var strict = new ReasonPolicy(masked.Signature, [new("a", "a"), new("b", "b")], "nines", provenance with { Network = "MaskedNet" },
            new() { Count = 2, Direction = ReasonDirection.Both });
        Assert.Contains("Take more steps",
            Assert.Throws<CompletenessException>(() => strict.State(rough, [1, 2, 1, 1], date)).Message);
        var image = ImageNet.Load(Weights.Random(1));
        Assert.Contains("but the explanation is of ImageNet",
            Assert.Throws<ArgumentException>(() => policy.State(image.DeepLift(new float[12], Target.Unit(0)), person, date)).Message);
        Assert.Contains("there is no reason to tell", Assert.Throws<InvalidOperationException>(
            () => policy.State(net.DeepLift(person, target, Rule.Rescale, person), person, date)).Message);
    }

    [Fact]
    public void ColumnsAreGroupsWithOneScore()
    {
        var groups = FeatureGroups.OfColumns(net.Signature);
        Assert.Equal(["age", "colour", "income"], groups.Names);
        Assert.Equal([0, 1, 1, 2, 1], Enumerable.Range(0, 5).Select(i => groups[i]));
        var masked = FeatureGroups.OfColumns(MaskedNet.Load(Weights.Random(2)).Signature);
        Assert.Equal([0, 1, -1, -1], Enumerable.Range(0, 4).Select(i => masked[i]));
        Assert.Equal(["sequence"], FeatureGroups.OfColumns(DnaNet.Load(Weights.Random(2)).Signature).Names);
        Assert.Contains("2 groups, but 1 names",
            Assert.Throws<ArgumentException>(() => new FeatureGroups([0, 1]) { Names = ["a"] }).Message);
        Assert.Contains("have the name \"a\"",
            Assert.Throws<ArgumentException>(() => new FeatureGroups([0, 1]) { Names = ["a", "a"] }).Message);
    }
}
