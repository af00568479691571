// Hands leads to Redis, many connections with many requests in flight each, and counts the answers.
//
//   redis-load fill SOCKET DIR           loads DIR/offers.tsv and DIR/advisors.tsv
//   redis-load sell SOCKET DIR CONNECTIONS IN_FLIGHT SECONDS FIRST
//                                        sells DIR/leads.tsv over and over, of persons from FIRST on;
//                                        prints leads, sold, seconds
#include <hiredis/hiredis.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { maximum_connections = 256, maximum_leads = 200000 };

static char *leads[maximum_leads];
static int lead_count;

static void fail(const char *what, const char *detail) {
    fprintf(stderr, "redis-load: %s: %s\n", what, detail ? detail : "");
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static redisContext *open_connection(const char *path) {
    redisContext *connection = redisConnectUnix(path);
    if (!connection || connection->err) fail("connect", connection ? connection->errstr : path);
    return connection;
}

static FILE *open_file(const char *directory, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    if (!file) fail("open", path);
    return file;
}

static void drain(redisContext *connection, int count) {
    for (int i = 0; i < count; i++) {
        redisReply *reply = NULL;
        if (redisGetReply(connection, (void **)&reply) != REDIS_OK) fail("reply", connection->errstr);
        if (reply->type == REDIS_REPLY_ERROR) fail("reply", reply->str);
        freeReplyObject(reply);
    }
}

static void pack(unsigned char **end, unsigned long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) *(*end)++ = (value >> shift) & 255;
}

static void fill(redisContext *connection, const char *directory) {
    FILE *file = open_file(directory, "advisors.tsv");
    char line[512];
    int pending = 0;
    long advisor, balance;
    while (fgets(line, sizeof line, file) && sscanf(line, "%ld %ld", &advisor, &balance) == 2) {
        redisAppendCommand(connection, "HSET balance %ld %ld", advisor, balance);
        if (++pending == 500) drain(connection, pending), pending = 0;
    }
    fclose(file);
    file = open_file(directory, "offers.tsv");
    long order, category, region, rank, charge, income, youngest, oldest, insured, employments, instalment, quantity;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld", &order, &category, &region, &rank,
                   &advisor, &charge, &income, &youngest, &oldest, &insured, &employments, &instalment,
                   &quantity) != 13)
            fail("offers.tsv", line);
        unsigned char member[32], *end = member;
        pack(&end, order, 4), pack(&end, advisor, 4), pack(&end, charge, 4), pack(&end, income, 4);
        pack(&end, youngest, 1), pack(&end, oldest, 1), pack(&end, insured, 1), pack(&end, employments, 1);
        pack(&end, instalment, 4);
        char bucket[64], hexadecimal[80], where[160];
        snprintf(bucket, sizeof bucket, "b:%ld:%ld", category, region);
        for (int i = 0; i < end - member; i++) sprintf(hexadecimal + 2 * i, "%02x", member[i]);
        snprintf(where, sizeof where, "%s %s ", bucket, hexadecimal);
        redisAppendCommand(connection, "ZADD %s %ld %b", bucket, rank, member, (size_t)(end - member));
        redisAppendCommand(connection, "HSET left %ld %ld", order, quantity);
        redisAppendCommand(
            connection,
            "EVAL %s 0 %ld %s",
            "redis.call('HSET','where',ARGV[1],(redis.call('HGET','where',ARGV[1]) or '')..ARGV[2])", order, where);
        pending += 3;
        if (pending >= 600) drain(connection, pending), pending = 0;
    }
    fclose(file);
    drain(connection, pending);
}

static void read_leads(const char *directory) {
    FILE *file = open_file(directory, "leads.tsv");
    char line[512];
    while (lead_count < maximum_leads && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        leads[lead_count++] = strdup(line);
    }
    fclose(file);
    if (!lead_count) fail("leads.tsv", "is empty");
}

static char *load_script(redisContext *connection, const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail("open", path);
    static char text[16384];
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    redisReply *reply = redisCommand(connection, "SCRIPT LOAD %s", text);
    if (!reply || reply->type != REDIS_REPLY_STRING) fail("SCRIPT LOAD", reply ? reply->str : "");
    return strdup(reply->str);
}

// One request, written by hand: formatting costs more than sending.
static void append(redisContext *connection, const char *sha, const char *lead, long person) {
    char text[1024], number[24];
    int length = snprintf(number, sizeof number, "%ld", person);
    int used = snprintf(text, sizeof text, "*12\r\n$7\r\nEVALSHA\r\n$40\r\n%s\r\n$1\r\n0\r\n$%d\r\n%s\r\n", sha,
                        length, number);
    while (*lead) {
        int size = strcspn(lead, " ");
        used += snprintf(text + used, sizeof text - used, "$%d\r\n%.*s\r\n", size, size, lead);
        lead += size;
        if (*lead == ' ') lead++;
    }
    if (redisAppendFormattedCommand(connection, text, used) != REDIS_OK) fail("append", connection->errstr);
}

static void flush(redisContext *connection) {
    int done = 0;
    while (!done)
        if (redisBufferWrite(connection, &done) != REDIS_OK) fail("write", connection->errstr);
}

static void sell(const char *socket, const char *directory, int count, int in_flight, double seconds, long person) {
    redisContext *connections[maximum_connections];
    struct pollfd polled[maximum_connections];
    read_leads(directory);
    const char *script = getenv("SELL_LUA");
    for (int i = 0; i < count; i++) {
        connections[i] = open_connection(socket);
        polled[i] = (struct pollfd){.fd = connections[i]->fd, .events = POLLIN};
    }
    char *sha = load_script(connections[0], script ? script : "sell.lua");
    long first = person, answered = 0, sold = 0;
    double start = now(), end = start + seconds;
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < in_flight; j++, person++) append(connections[i], sha, leads[person % lead_count], person);
        flush(connections[i]);
    }
    while (answered < person - first) {
        if (poll(polled, count, 5000) <= 0) fail("poll", "no answer within 5 s");
        int sends = now() < end;
        for (int i = 0; i < count; i++) {
            if (!polled[i].revents) continue;
            if (redisBufferRead(connections[i]) != REDIS_OK) fail("read", connections[i]->errstr);
            int further = 0;
            for (;;) {
                redisReply *reply = NULL;
                if (redisGetReplyFromReader(connections[i], (void **)&reply) != REDIS_OK)
                    fail("reply", connections[i]->errstr);
                if (!reply) break;
                if (reply->type != REDIS_REPLY_INTEGER) fail("reply", reply->str);
                answered++;
                if (reply->integer > 0) sold++;
                freeReplyObject(reply);
                if (sends) append(connections[i], sha, leads[person % lead_count], person), person++, further++;
            }
            if (further) flush(connections[i]);
        }
    }
    printf("%ld %ld %.6f\n", answered, sold, now() - start);
}

int main(int count, char **words) {
    if (count == 4 && !strcmp(words[1], "fill")) {
        fill(open_connection(words[2]), words[3]);
    } else if (count == 8 && !strcmp(words[1], "sell") && atoi(words[4]) <= maximum_connections) {
        sell(words[2], words[3], atoi(words[4]), atoi(words[5]), atof(words[6]), atol(words[7]));
    } else {
        fail("usage", "fill SOCKET DIR | sell SOCKET DIR CONNECTIONS IN_FLIGHT SECONDS FIRST");
    }
}
