using System.Text.RegularExpressions;

namespace Whence.Import.Tests;

/// <summary>The importer's rooms are one-way: each uses only what comes before it.</summary>
public partial class Rooms
{
    private static readonly Dictionary<string, string[]> rooms = new()
    {
        ["Read"] = [], ["Fold"] = ["Read"], ["Recognise"] = ["Read", "Fold"], ["Declare"] = ["Read"],
        ["Follow"] = ["Read", "Fold", "Declare"],
        ["Write"] = ["Read", "Declare"], ["Blocks"] = ["Read", "Declare", "Write"], ["Check"] = ["Read"],
    };

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(TestData.Beside("../../generator/Import"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(TestData.Beside("../../generator/Import"), file).Replace('\\', '/'))
            .Where(file => file.Contains('/'))
            .Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void UseOnlyThoseBeforeThem(string file)
    {
        var room = file.Split('/')[0];
        var text = File.ReadAllText(Path.Combine(TestData.Beside("../../generator/Import"), file));
        Assert.Contains(room, rooms.Keys);
        Assert.All(RoomName().Matches(text).Select(match => match.Groups[1].Value).Where(rooms.ContainsKey),
            other => Assert.Contains(other, rooms[room].Append(room)));
    }

    [GeneratedRegex(@"\bWhence\.Import\.(\w+)")]
    private static partial Regex RoomName();
}
