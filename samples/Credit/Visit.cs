using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Credit;

/// <summary>A few requests to a service that runs, good ones and bad, and whether it answers as it should.</summary>
internal static class Visit
{
    private static readonly JsonSerializerOptions readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Prints what is asked and answered.</summary>
    /// <returns>Whether every answer had the status it should have.</returns>
    public static async Task<bool> Pay(string url, Csv test)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var names = await client.GetFromJsonAsync<string[]>("/measurements") ?? [];
        if (!names.SequenceEqual(test.Columns))
            return false;
        var malignant = Row(test, "malignant");
        var good = await Ask(client, "a malignant row", "/assess", Body(malignant), HttpStatusCode.OK);
        good &= await Ask(client, "a benign row, one reason", "/assess?reasons=1", Body(Row(test, "benign")), HttpStatusCode.OK);
        var unknown = new Dictionary<string, object>(malignant) { ["colour"] = 3 };
        good &= await Ask(client, "a measurement that there is not", "/assess", Body(unknown), HttpStatusCode.BadRequest);
        var negative = new Dictionary<string, object>(malignant) { ["mean radius"] = -1.5 };
        good &= await Ask(client, "a negative radius", "/assess", Body(negative), HttpStatusCode.BadRequest);
        var text = new Dictionary<string, object>(malignant) { ["mean area"] = "large" };
        good &= await Ask(client, "text for a number", "/assess", Body(text), HttpStatusCode.BadRequest);
        good &= await Ask(client, "half of the measurements", "/assess", Body(malignant.Take(15).ToDictionary()),
            HttpStatusCode.BadRequest);
        good &= await Ask(client, "no JSON", "/assess", "radius 17", HttpStatusCode.BadRequest);
        good &= await Ask(client, "too many reasons", "/assess?reasons=31", Body(malignant), HttpStatusCode.BadRequest);
        return good;
    }

    private static Dictionary<string, object> Row(Csv test, string label)
    {
        var row = test.Rows[test.Labels.ToList().IndexOf(label)];
        return test.Columns.Select((name, i) => (name, row[i])).ToDictionary(pair => pair.name, pair => (object)pair.Item2);
    }

    private static string Body(Dictionary<string, object> measurements) => JsonSerializer.Serialize(new { measurements });

    private static async Task<bool> Ask(HttpClient client, string what, string path, string body, HttpStatusCode expected)
    {
        using var response = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var answer = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Console.WriteLine($"{what}: POST {path} -> {(int)response.StatusCode}");
        Console.WriteLine(
            expected == HttpStatusCode.OK ? JsonSerializer.Serialize(answer, readable) : $"  {answer.GetProperty("detail").GetString()}");
        return response.StatusCode == expected;
    }
}
